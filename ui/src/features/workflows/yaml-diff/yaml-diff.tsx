/** Two documents as YAML, line by line, without what is the same in both. */
import clsx from 'clsx';
import { Fragment, useMemo, useState } from 'react';
import { Check } from '../../../components/field.tsx';
import type { Definition } from '../../../graph/document.ts';
import { printYaml } from '../editor/edit/merge-yaml.ts';
import { diffLines, type Gap, hunksOf, type Line } from './line-diff.ts';

interface YamlDiffProps {
  readonly before: Definition;
  readonly after: Definition;
  /** What each is called, such as `version 3`, or `theirs`. */
  readonly names: readonly [string, string];
}

const SIGN = { same: ' ', removed: '−', added: '+' } as const;

export default function YamlDiff({ before, after, names: [from, to] }: YamlDiffProps) {
  const [all, setAll] = useState(false);
  const lines = useMemo(() => diffLines(printYaml(before), printYaml(after)), [before, after]);
  const shown = all ? lines : hunksOf(lines);
  const count = (kind: Line['kind']) => lines.filter((line) => line.kind === kind).length;
  return (
    <section aria-label={`Lines that differ between ${from} and ${to}`}>
      <div className="mb-2 flex flex-wrap items-center gap-4 text-xs">
        <span className="text-bad">
          − {count('removed')} of {from}
        </span>
        <span className="text-ok">
          + {count('added')} of {to}
        </span>
        <Check label="Also what is the same" checked={all} onChange={(event) => setAll(event.target.checked)} />
      </div>
      <div className="overflow-x-auto rounded-lg border border-line bg-panel">
        <table className="w-full border-collapse font-mono text-xs leading-5">
          <tbody>
            {shown.map((line, index) => (
              <Fragment key={index}>{line.kind === 'gap' ? <GapRow gap={line} /> : <LineRow line={line} />}</Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const NUMBER = 'w-10 select-none px-2 text-right text-muted';

function LineRow({ line: { kind, text, before, after } }: { readonly line: Line }) {
  return (
    <tr className={clsx(kind === 'removed' && 'bg-bad-soft', kind === 'added' && 'bg-ok-soft')}>
      <td className={NUMBER}>{before}</td>
      <td className={NUMBER}>{after}</td>
      <td
        className={clsx(
          'whitespace-pre-wrap break-words pr-3',
          kind === 'removed' && 'text-bad',
          kind === 'added' && 'text-ok',
        )}
      >
        {SIGN[kind]} {text}
      </td>
    </tr>
  );
}

const GapRow = ({ gap: { count } }: { readonly gap: Gap }) => (
  <tr className="bg-hover text-faint">
    <td colSpan={3} className="px-3 text-center">
      {count} {count === 1 ? 'line' : 'lines'} the same
    </td>
  </tr>
);
