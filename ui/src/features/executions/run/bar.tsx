/** One stretch of time of a node on the timeline. */
import clsx from 'clsx';
import { span } from '../../../components/spans.ts';
import { placeOn, type Stretch } from './axis.ts';
import type { Segment } from './timeline-fold.ts';

const FILL = { open: 'bg-info animate-pulse', ok: 'bg-ok', failed: 'bg-bad', cut: 'bg-faint' } as const;
const THIN = { open: 'bg-info/60', ok: 'bg-strong', failed: 'bg-bad/60', cut: 'bg-strong' } as const;

interface BarProps {
  readonly segment: Segment;
  readonly seen: Stretch;
  readonly now: number;
}

export function Bar({ segment, seen, now }: BarProps) {
  const { kind, from, to, end } = segment;
  const left = Math.max(0, placeOn(seen, from));
  const right = Math.min(1, placeOn(seen, to ?? Math.max(now, from)));
  if (right < 0 || left > 1) return null;
  return (
    <span
      title={wordsOf(segment, now)}
      className={clsx(
        'absolute min-w-[3px] rounded-[3px]',
        kind === 'work' && ['top-1.5 bottom-1.5', FILL[end]],
        kind === 'span' && ['top-3 bottom-3', THIN[end]],
        kind === 'wait' && 'bar-wait top-2 bottom-2',
        kind === 'retry' && 'bar-retry top-2 bottom-2',
        kind === 'queue' && 'bar-queue top-2 bottom-2',
      )}
      style={{ left: `min(${left * 100}%, 100% - 3px)`, width: `${(right - left) * 100}%` }}
    />
  );
}

const KINDS = { work: 'worked', span: 'took', wait: 'waited', retry: 'until the next attempt', queue: 'in the queue' };

export function wordsOf({ kind, from, to, end, attempt, note }: Segment, now: number): string {
  const parts = [
    `${KINDS[kind]} ${span((to ?? now) - from)}${to === null ? ' so far' : ''}`,
    ...(attempt === undefined ? [] : [`attempt ${attempt}`]),
    ...(end === 'failed' ? ['failed'] : end === 'cut' ? ['called off'] : []),
    ...(note ? [note] : []),
  ];
  return parts.join(' · ');
}
