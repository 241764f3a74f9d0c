/** How far the work on many letters is: done, refused, failed again since; to stop, to go on, and to put away. */
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useApi } from '../../api/query.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { dismissBulk, type Progress, resumeBulk, stopBulk, useBulk } from './bulk.ts';

/** More than these are counted by their causes. */
const COUNTED = 200;
const SHOWN_FAULTS = 50;

export function BulkProgress() {
  const progress = useBulk();
  return progress === undefined ? null : <Shown progress={progress} />;
}

function Shown({ progress }: { readonly progress: Progress }) {
  const { order, state, total, done, refused, faults, error } = progress;
  const seen = done + refused + faults.length;
  const whole = Math.max(total ?? seen, seen);
  const verb = order.verb === 'requeue' ? 'tried again' : 'archived';
  return (
    <section
      aria-label="Work on many dead letters"
      className="flex flex-col gap-2 border-line border-b bg-panel px-4 py-3 md:px-6"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="font-medium">{titleOf(progress)}</span>
        <span role="status" className="tabular-nums">
          {done.toLocaleString()}
          {total !== undefined && ` of ${whole.toLocaleString()}`} {verb}
        </span>
        {refused > 0 && (
          <span className="text-warn" title="In doubt, led on by other ways, or without a workflow to start">
            {refused.toLocaleString()} not taken
          </span>
        )}
        {faults.length > 0 && <span className="text-bad">{faults.length.toLocaleString()} refused</span>}
        {order.verb === 'requeue' && done > 0 && <FailedAgain progress={progress} />}
        <span className="ml-auto flex items-center gap-2">
          {state === 'working' && <Button onClick={stopBulk}>Stop</Button>}
          {state === 'stopped' && (
            <Button kind="primary" onClick={resumeBulk}>
              Go on
            </Button>
          )}
          {state !== 'working' && (
            <IconButton label="Dismiss" onClick={dismissBulk}>
              <X size={14} />
            </IconButton>
          )}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label={titleOf(progress)}
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
                <Link to="/dead-letters/$id" params={{ id }} className="font-mono text-accent text-xs hover:underline">
                  {id.slice(-12)}
                </Link>{' '}
                {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function titleOf({ order: { verb, what }, state }: Progress): string {
  if (verb === 'requeue') {
    return { working: `Trying ${what} again`, stopped: `Stopped: ${what}`, ended: `Tried ${what} again` }[state];
  }
  return { working: `Archiving ${what}`, stopped: `Stopped: ${what}`, ended: `Archived ${what}` }[state];
}

const sumOf = (groups: readonly { readonly count: number }[] = []): number =>
  groups.reduce((sum, { count }) => sum + count, 0);

/** A letter that fails again is new again: that is how one sees whether it helped. */
function FailedAgain({ progress: { order, startedAt } }: { readonly progress: Progress }) {
  const { target } = order;
  const workflow = 'filter' in target ? target.filter.workflow : undefined;
  const query = { status: 'NEW' as const, from: startedAt, limit: COUNTED, ...(workflow && { workflow }) };
  const letters = useApi('listDeadLetters', { query });
  const items = letters.data?.items ?? [];
  const groups = useApi('listDeadLetterGroups', { query }, { enabled: items.length >= COUNTED });
  const again = items.filter(({ id, retries }) => ('ids' in target ? target.ids.includes(id) : retries > 0)).length;
  if (letters.data === undefined) return null;
  if (again === 0) return <span className="text-muted">none has failed again so far</span>;
  const many = again < COUNTED ? again : Math.max(again, sumOf(groups.data?.items));
  return (
    <Link
      to="/dead-letters"
      search={{ view: 'list', ...(workflow && { workflow }) }}
      className="text-bad tabular-nums hover:underline"
    >
      {many.toLocaleString()} failed again
    </Link>
  );
}
