/** Two documents as YAML, with what differs. */
import clsx from 'clsx';
import type { Definition } from '../../../graph/document.ts';
import { diffLines, hunksOf } from './edit/line-diff.ts';
import { printYaml } from './edit/merge-yaml.ts';

interface DiffProps {
  readonly left: Definition;
  readonly right: Definition;
  readonly names: readonly [string, string];
}

const SIGNS = { same: ' ', left: '−', right: '+' } as const;

export default function DocumentDiff({ left, right, names }: DiffProps) {
  const lines = hunksOf(diffLines(printYaml(left), printYaml(right)));
  if (lines.length <= 1) return <p className="text-muted">Both say the same.</p>;
  return (
    <div className="overflow-auto rounded-md border border-line bg-ground font-mono text-xs leading-5">
      <p className="flex gap-4 border-line border-b px-3 py-1 font-sans">
        <span className="text-bad">− {names[0]}</span>
        <span className="text-ok">+ {names[1]}</span>
      </p>
      {lines.map((line, index) =>
        line === null ? (
          <div key={index} className="bg-hover px-3 text-faint">
            ⋯
          </div>
        ) : (
          <div
            key={index}
            className={clsx(
              'whitespace-pre-wrap break-words px-3',
              line.kind === 'left' && 'bg-bad-soft text-bad',
              line.kind === 'right' && 'bg-ok-soft text-ok',
            )}
          >
            {SIGNS[line.kind]} {line.text}
          </div>
        ),
      )}
    </div>
  );
}
