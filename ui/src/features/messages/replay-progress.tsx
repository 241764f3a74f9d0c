/** How far a replay is, and the hand that stops it. */
import { Link } from '@tanstack/react-router';
import type { ReplayAnswer } from '../../../../src/contract/replays.ts';
import { useAction } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Badge, Status } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';

export function ReplayProgress({ replay }: { readonly replay: ReplayAnswer }) {
  const { id, status, workflowId, workflowName, version, total, started, skipped, refused, error } = replay;
  const cancel = useAction('cancelReplay');
  const done = started + skipped + refused;
  const isRunning = status === 'running';
  return (
    <article aria-label={`Replay into ${workflowName}`} className="flex flex-col gap-2 px-4 py-3 md:px-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Status status={status} />
        <Link to="/workflows/$id" params={{ id: workflowId }} className="font-medium hover:underline">
          {workflowName} <span className="font-normal text-faint">v{version}</span>
        </Link>
        <span className="text-muted">{wordsOf(replay.filter)}</span>
        {replay.effects === 'suppress' && <Badge tone="info">effects suppressed</Badge>}
        <span className="ml-auto flex items-center gap-3 text-muted">
          <Ago at={replay.createdAt} />
          {isRunning && (
            <Button operation="cancelReplay" onClick={() => cancel.mutate({ params: { id } })} busy={cancel.isPending}>
              Cancel
            </Button>
          )}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label={`Messages into ${workflowName}`}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={Math.min(done, total)}
        className="h-1 overflow-hidden rounded-sm bg-hover"
      >
        <div
          className={`h-full transition-[width] ${status === 'completed' ? 'bg-ok' : isRunning ? 'bg-accent' : 'bg-faint'}`}
          style={{ width: `${total === 0 ? 100 : Math.min(100, (done / total) * 100)}%` }}
        />
      </div>
      <p className="flex flex-wrap gap-x-4 text-muted text-xs tabular-nums">
        <span>
          {done.toLocaleString()} of {total.toLocaleString()} messages
        </span>
        <Link to="/executions" search={{ workflow: workflowName }} className="text-accent hover:underline">
          {started.toLocaleString()} {started === 1 ? 'execution' : 'executions'} started
        </Link>
        {skipped > 0 && <span>{skipped.toLocaleString()} did not fit the trigger</span>}
        {refused > 0 && <span className="text-warn">{refused.toLocaleString()} could start nothing</span>}
        {error && <span className="text-bad">{error.message}</span>}
      </p>
    </article>
  );
}

function wordsOf({ type, topic, key }: ReplayAnswer['filter']): string {
  const parts = [
    ...(type === undefined ? [] : [type]),
    ...(topic === undefined ? [] : [`topic ${topic}`]),
    ...(key === undefined ? [] : [`key ${key}`]),
  ];
  return parts.length === 0 ? 'all types' : parts.join(', ');
}
