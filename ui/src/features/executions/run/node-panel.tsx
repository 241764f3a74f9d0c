/** One node with all that happened to it; read when it is chosen, and large values only when asked for. */
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import type { NodeDetailAnswer } from '../../../../../src/contract/execution-nodes.ts';
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { NANOS } from '../../../../../src/core/money.ts';
import { IconButton } from '../../../components/button.tsx';
import { Loading } from '../../../components/loading.tsx';
import { money } from '../../../components/money.ts';
import { ProblemNote } from '../../../components/problem.tsx';
import { span } from '../../../components/spans.ts';
import { Badge } from '../../../components/status.tsx';
import { exact, Took } from '../../../components/time.tsx';
import { iconOf } from '../../../graph/icons.ts';
import { Attempts } from './attempts.tsx';
import { Calls } from './calls.tsx';
import { Crumbs } from './crumbs.tsx';
import { Failure } from './failure.tsx';
import { Iterations } from './iterations.tsx';
import { NodeActions } from './node-actions.tsx';
import { NodeStatus } from './node-status.tsx';
import { NodeValues } from './node-values.tsx';
import { usePanelFocus } from './panel-focus.ts';
import { Part } from './part.tsx';
import { useNode } from './reading.ts';
import { Said } from './said.tsx';
import { SessionsOfNode } from './session-links.tsx';
import { useIsSaidAbove } from './trouble.tsx';
import { useRun } from './view.tsx';
import { WaitLine } from './waits.tsx';

export function NodePanel({ path }: { readonly path: string }) {
  const { execution, choose } = useRun();
  const known = execution.nodes.find((node) => node.path === path);
  const Icon = iconOf(known?.type ?? '');
  const panel = usePanelFocus(path);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={`Node ${path}`}
      className="-outline-offset-2 flex min-h-0 w-full flex-col bg-panel max-md:absolute max-md:inset-0 max-md:z-20 md:w-[26rem] md:shrink-0 md:border-line md:border-l"
    >
      <header className="flex items-center gap-2 border-line border-b px-4 py-2">
        <Icon size={16} className="shrink-0 text-muted" />
        <Crumbs path={path} />
        <IconButton label="Close" keys="Esc" className="ml-auto" onClick={() => choose(undefined)}>
          <X size={15} />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 space-y-4 overflow-auto px-4 py-3">
        <Whole key={path} path={path} />
      </div>
    </aside>
  );
}

function Whole({ path }: { readonly path: string }) {
  const { execution, at } = useRun();
  const { data: node, error, refetch } = useNode(execution.id, path, at);
  if (error && !node) {
    return 'code' in error && error.code === 'node_not_found' ? (
      <p className="text-muted">
        {at === undefined ? 'The execution did not come by here.' : 'It had not come by here yet.'}
      </p>
    ) : (
      <ProblemNote error={error} retry={() => void refetch()} />
    );
  }
  if (!node) return <Loading />;
  const { attempts, progress, usage, type, status } = node;
  const isOpen = status === 'running' || status === 'waiting';
  return (
    <>
      <Facts node={node} />
      <Fault node={node} />
      <NodeActions key={node.path} node={node} />
      <Waiting node={node} />
      {isOpen && (type === 'agent' || type === 'model') && <Said path={path} />}
      {progress && (
        <Part title={type === 'agent' ? 'Turns' : 'Iterations'}>
          <Iterations parent={path} begun={progress.done} />
        </Part>
      )}
      {status !== 'pending' && status !== 'skipped' && <NodeValues node={node} />}
      {attempts.length > 0 && (
        <Part title="Attempts">
          <Attempts attempts={attempts} said={node.error?.message} />
          {type === 'webhook.send' && (
            <Link
              to="/messages"
              search={{ view: 'sent', execution: execution.id }}
              className="text-accent text-xs hover:underline"
            >
              What was answered
            </Link>
          )}
        </Part>
      )}
      {(usage !== undefined || type === 'agent' || type === 'model') && (
        <Part title="Model calls">
          <SessionsOfNode path={path} />
          <Calls path={path} />
        </Part>
      )}
    </>
  );
}

function Fault({ node }: { readonly node: ExecutionNode }) {
  const { error, status, port } = node;
  const isSaidAbove = useIsSaidAbove(node);
  if (!error || isSaidAbove) return null;
  return <Failure error={error} isMild={status !== 'failed' || port !== null} />;
}

function Facts({ node }: { readonly node: ExecutionNode }) {
  const { moment } = useRun();
  const { type, status, attempt, startedAt, finishedAt, progress, usage } = node;
  const isOpen = status === 'running' || status === 'waiting';
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <NodeStatus status={status} />
      <Badge>{type}</Badge>
      {progress && (
        <span className="text-muted tabular-nums">
          {progress.total === null ? `${progress.done} done` : `${progress.done} of ${progress.total} done`}
        </span>
      )}
      {attempt > 1 && <span className="text-muted">attempt {attempt}</span>}
      {startedAt && (
        <span className="text-muted" title={`From ${exact(startedAt)}${finishedAt ? ` to ${exact(finishedAt)}` : ''}`}>
          <Took from={startedAt} to={isOpen ? (moment ?? null) : (finishedAt ?? startedAt)} />
        </span>
      )}
      {usage && (
        <span className="text-muted text-xs tabular-nums">
          {usage.calls} {usage.calls === 1 ? 'call' : 'calls'} · {usage.inputTokens.toLocaleString()} in ·{' '}
          {usage.outputTokens.toLocaleString()} out · {money(usage.cost / NANOS, usage.currency)}
        </span>
      )}
    </div>
  );
}

/** What it waits for now, and what it has waited for. */
function Waiting({ node }: { readonly node: NodeDetailAnswer }) {
  const { execution } = useRun();
  const present = execution.waitingFor.filter(({ path }) => path === node.path);
  const past = node.waits.filter(({ finishedAt }) => finishedAt !== null);
  if (present.length === 0 && past.length === 0) return null;
  return (
    <Part title="Waits">
      {present.map((wait) => (
        <div key={`${wait.reason} ${wait.waitId ?? ''}`} className="rounded-md bg-warn-soft px-3 py-2">
          <WaitLine wait={wait} bare />
        </div>
      ))}
      <ul className="space-y-1 text-xs">
        {past.map(({ reason, startedAt, finishedAt, executionId }) => (
          <li key={startedAt} className="flex flex-wrap gap-x-2 text-muted">
            {reason} · {span(Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt))}
            {executionId && (
              <Link
                to="/executions/$id"
                params={{ id: executionId }}
                className="break-all font-mono text-accent hover:underline"
              >
                {executionId}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
