import type { ErrorInfo } from '../../errors.ts';
import { failScope } from '../flow.ts';
import { beginAnew, rewind } from '../rewind.ts';
import type { ExecutionState, NodeRef, Scope } from '../state.ts';
import { isInDoubt, nodeState, pathOf, queueReady } from '../state.ts';
import { move } from '../status.ts';
import { undoAgain, wasUnwound } from '../undo.ts';
import type { Apply, EventOf } from './event.ts';
import { locate } from './locate.ts';

/**
 * A failed execution goes on from the nodes that failed; every result is kept, or those before `from`. A saga whose
 * inside was undone begins anew. One whose compensation failed goes on undoing.
 */
export type ExecutionRetried = EventOf<
  'execution.retried',
  {
    readonly reason: string;
    /** This node and all after it run again. */
    readonly from?: string;
    /** Of the nodes in doubt only this one is resolved; while others are left, the execution fails again. */
    readonly resolves?: string;
  }
>;

export const apply: Apply<ExecutionRetried> = (state, { data }) => {
  if (state.status === 'compensation_failed') {
    state.status = move(state.status, 'compensating');
    undoAgain(state);
    return;
  }
  state.status = move(state.status, 'pending');
  state.failure = null;
  reopen(state, state.root, data.resolves);
  if (data.from !== undefined) rewind(state, locate(state, data.from));
  queueReady(state);
};

/** Nodes whose failure nobody handled are ready again; containers on the way to them go on. */
function reopen(state: ExecutionState, scope: Scope, resolved?: string): void {
  scope.failed = null;
  for (const node of scope.graph.nodes) {
    const ref: NodeRef = { scope, node };
    const at = nodeState(ref);
    if (!at.unhandled) continue;
    if (resolved !== undefined && isInDoubt(at) && pathOf(ref) !== resolved) {
      failScope(state, scope, (at.output as { error: ErrorInfo }).error, pathOf(ref));
      continue;
    }
    at.unhandled = false;
    at.attemptsBefore = at.attempt;
    at.crashes = 0;
    at.lost = false;
    at.roundAt = 0;
    if (at.run === null) at.status = 'ready';
    else reopenContainer(state, ref, resolved);
  }
}

function reopenContainer(state: ExecutionState, ref: NodeRef, resolved?: string): void {
  // What was done inside of a saga is undone: its results hold no more.
  if (wasUnwound(state, ref)) return beginAnew(state, ref);
  const at = nodeState(ref);
  const run = at.run!;
  at.status = 'running';
  run.error = null;
  run.forgiven = run.turns.length;
  for (const inner of state.scopes.values()) {
    if (inner.container?.scope !== ref.scope || inner.container.node !== ref.node || inner.failed === null) continue;
    run.active += 1;
    reopen(state, inner, resolved);
  }
}
