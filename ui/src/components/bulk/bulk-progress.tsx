/** How far the work on many is: done, refused, left; to stop, to go on, and to put away. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../button.tsx';
import { ProblemNote } from '../problem.tsx';
import type { Bulk, Progress } from './bulk.ts';
import { aheadOf } from './words.ts';

const SHOWN_FAULTS = 50;

export interface OrderWords {
  /** Undefined where nobody knows how many there are. */
  readonly total: number | undefined;
  /** Such as `20 dead letters of orders`. */
  readonly what: string;
  /** Such as `Trying 20 dead letters again`. */
  readonly working: string;
  readonly ended: string;
  /** Goes on after a number: `tried again`. */
  readonly done: string;
  /** Why some were not taken. */
  readonly refused: string;
}

interface BulkProgressProps<Order> {
  readonly bulk: Bulk<Order>;
  readonly label: string;
  readonly wordsOf: (order: Order) => OrderWords;
  /** Leads to one that was refused. */
  readonly linkTo: (id: string) => ReactNode;
  /** What else there is to say of it. */
  readonly children?: (progress: Progress<Order>) => ReactNode;
}

export function BulkProgress<Order>({ bulk, label, wordsOf, linkTo, children }: BulkProgressProps<Order>) {
  const progress = bulk.use();
  if (progress === undefined) return null;
  const { state, done, refused, faults, error } = progress;
  const words = wordsOf(progress.order);
  const { total } = words;
  const seen = done + refused + faults.length;
  const whole = Math.max(total ?? seen, seen);
  const title = { working: words.working, stopped: `Stopped: ${words.what}`, ended: words.ended }[state];
  return (
    <section aria-label={label} className="flex flex-col gap-2 border-line border-b bg-panel px-4 py-3 md:px-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="font-medium">{title}</span>
        <span role="status" className="tabular-nums">
          {done.toLocaleString()}
          {total !== undefined && ` of ${whole.toLocaleString()}`} {words.done}
        </span>
        {refused > 0 && (
          <span className="text-warn" title={words.refused}>
            {refused.toLocaleString()} not taken
          </span>
        )}
        {faults.length > 0 && <span className="text-bad">{faults.length.toLocaleString()} refused</span>}
        {children?.(progress)}
        <span className="text-muted">{aheadOf(progress, total)}</span>
        <span className="ml-auto flex items-center gap-2">
          {state === 'working' && <Button onClick={bulk.stop}>Stop</Button>}
          {state === 'stopped' && (
            <Button kind="primary" onClick={bulk.resume}>
              Go on
            </Button>
          )}
          {state !== 'working' && (
            <IconButton label="Dismiss" onClick={bulk.dismiss}>
              <X size={14} />
            </IconButton>
          )}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={whole}
        aria-valuenow={seen}
        className="h-1 overflow-hidden rounded-sm bg-hover"
      >
        <div
          className={`h-full transition-[width] ${state === 'ended' ? 'bg-ok' : 'bg-accent'}`}
          style={{ width: `${state === 'ended' ? 100 : whole === 0 ? 0 : (seen / whole) * 100}%` }}
        />
      </div>
      {error && <ProblemNote error={error} />}
      {faults.length > 0 && (
        <details>
          <summary className="text-muted text-xs hover:text-text">What was refused, and why</summary>
          <ul className="mt-1 max-h-40 overflow-auto">
            {faults.slice(0, SHOWN_FAULTS).map(({ id, message }) => (
              <li key={id} className="truncate" title={message}>
                {linkTo(id)} {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
