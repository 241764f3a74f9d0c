/** All versions, newest first; in each row one chooses whether it is the one before or the one after. */
import clsx from 'clsx';
import type { VersionSummary } from '../../../../../src/contract/versions.ts';
import { Button } from '../../../components/button.tsx';
import { Badge } from '../../../components/status.tsx';
import { Ago } from '../../../components/time.tsx';
import type { Chosen } from './chosen.ts';

interface VersionListProps {
  readonly versions: readonly VersionSummary[];
  readonly chosen: Chosen | undefined;
  readonly choose: (next: { from?: number; to?: number }) => void;
  readonly more: (() => void) | undefined;
}

export function VersionList({ versions, chosen, choose, more }: VersionListProps) {
  const radio = (side: 'from' | 'to', version: number) => (
    <input
      type="radio"
      name={`compare-${side}`}
      aria-label={`Version ${version} as the one ${side === 'from' ? 'before' : 'after'}`}
      className={clsx('size-3.5', side === 'from' ? 'accent-bad' : 'accent-ok')}
      checked={chosen?.[side] === version}
      onChange={() => choose({ [side]: version })}
    />
  );
  return (
    <section
      aria-label="Versions"
      className="max-h-48 shrink-0 overflow-auto border-line border-b md:max-h-none md:w-72 md:border-r md:border-b-0"
    >
      {chosen && (
        <div className="sticky top-0 z-10 grid grid-cols-[44px_44px_1fr] items-center gap-1 border-line border-b bg-ground px-4 py-1.5 text-faint text-xs">
          <span>Before</span>
          <span>After</span>
          <span>Version</span>
        </div>
      )}
      <ol>
        {versions.map(({ version, createdAt, savedBy, present }) => (
          <li
            key={version}
            className={clsx(
              'grid h-10 items-center gap-1 border-line border-b px-4',
              chosen ? 'grid-cols-[44px_44px_1fr]' : 'grid-cols-1',
              chosen && (chosen.from === version || chosen.to === version) && 'bg-hover',
            )}
          >
            {chosen && radio('from', version)}
            {chosen && radio('to', version)}
            <span className="flex min-w-0 items-center gap-2">
              <span className="font-medium tabular-nums">{version}</span>
              {present && <Badge tone="ok">present</Badge>}
              <span className="ml-auto flex min-w-0 flex-col items-end text-2xs text-faint leading-tight">
                {savedBy !== null && (
                  <span className="max-w-full truncate text-muted" title={`Saved by ${savedBy}`}>
                    <span className="sr-only">saved by </span>
                    {savedBy}
                  </span>
                )}
                <span className="shrink-0">
                  <Ago at={createdAt} />
                </span>
              </span>
            </span>
          </li>
        ))}
      </ol>
      {more && (
        <div className="p-3">
          <Button kind="quiet" onClick={more}>
            Older versions
          </Button>
        </div>
      )}
    </section>
  );
}
