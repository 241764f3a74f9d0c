/** The figures that are looked at first; each leads to what it counts. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Stats } from '../../../../src/contract/stats.ts';
import { count } from '../../components/money.ts';
import { span } from '../../components/spans.ts';
import { RANGES, type RangeId } from './range.ts';

interface NumbersProps {
  readonly stats: Stats;
  readonly range: RangeId;
  readonly from: string;
  /** Name of the one that is looked at. */
  readonly workflow: string | undefined;
}

export function Numbers({ stats: { totals, queue }, range, from, workflow }: NumbersProps) {
  const all = totals.completed + totals.failed + totals.compensated + totals.canceled;
  const share = (part: number): string => {
    if (all === 0) return 'nothing ended';
    const percent = (part / all) * 100;
    return `${percent.toFixed(percent > 0 && percent < 10 ? 1 : 0)} % of what ended`;
  };
  const of: Readonly<Record<string, string>> = workflow === undefined ? {} : { workflow };
  const since = { ...of, from };
  // Figures count an end when it came; the list does the same.
  const ended = { ...of, endedFrom: from };
  return (
    <div className="grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-panel sm:grid-cols-4">
      <Tile name="Running" value={count(queue.running)} search={{ ...of, status: 'running,compensating' }} />
      <Tile name="Waiting" value={count(queue.waiting)} search={{ ...of, status: 'waiting' }} />
      <Tile
        name="In the queue"
        value={count(queue.queued + queue.held)}
        {...(queue.held > 0 && { hint: `${queue.queued === 0 ? '' : `${count(queue.held)} `}held by limits` })}
        search={{ ...of, status: 'pending' }}
      />
      <Tile name="Started" value={count(totals.started)} hint={RANGES[range].words} search={since} />
      <Tile
        name="Failed"
        value={<span className={totals.failed > 0 ? 'text-bad' : ''}>{count(totals.failed)}</span>}
        hint={share(totals.failed)}
        search={{ ...ended, status: 'failed,compensation_failed' }}
      />
      <Tile
        name="Compensated"
        value={count(totals.compensated)}
        hint={share(totals.compensated)}
        search={{ ...ended, status: 'compensated' }}
      />
      <Tile
        name="Canceled"
        value={count(totals.canceled)}
        hint={share(totals.canceled)}
        search={{ ...ended, status: 'canceled' }}
      />
      <Tile
        name="Typical time"
        value={
          totals.p50 === null ? (
            '–'
          ) : (
            <span title="To within a fifth or so. Of one that was retried it is the time since then.">
              ≈ {span(totals.p50)}
            </span>
          )
        }
        hint={totals.p95 === null ? 'nothing completed' : `95 % within ${span(totals.p95)}`}
        search={{ ...ended, status: 'completed' }}
      />
    </div>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly hint?: string;
  readonly search: Readonly<Record<string, string>>;
}

const Tile = ({ name, value, hint, search }: TileProps) => (
  <Link
    to="/executions"
    search={search}
    className="-mr-px -mb-px flex flex-col border-line border-r border-b px-4 py-3 hover:bg-hover focus-visible:bg-hover"
  >
    <span className="text-muted text-xs">{name}</span>
    <span className="font-semibold text-xl tabular-nums">{value}</span>
    <span className="text-2xs text-faint">{hint ?? 'at this moment'}</span>
  </Link>
);
