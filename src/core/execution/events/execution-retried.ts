import type { ExecutionState, NodeRef, Scope } from '../state.ts';
import { nodeState, queueReady } from '../state.ts';
import { move } from '../status.ts';
import type { Apply, EventOf } from './event.ts';

/** A failed execution goes on from the nodes that failed; every result is kept. */
export type ExecutionRetried = EventOf<'execution.retried', { readonly reason: string }>;

export const apply: Apply<ExecutionRetried> = (state) => {
  state.status = move(state.status, 'pending');
  state.failure = null;
  reopen(state, state.root);
  queueReady(state);
};

/** Nodes whose failure nobody handled are ready again; containers on the way to them go on. */
function reopen(state: ExecutionState, scope: Scope): void {
  scope.failed = null;
  for (const node of scope.graph.nodes) {
    const ref: NodeRef = { scope, node };
    const at = nodeState(ref);
    if (!at.unhandled) continue;
    at.unhandled = false;
    at.attemptsBefore = at.attempt;
    at.crashes = 0;
    at.roundAt = 0;
    if (at.run === null) at.status = 'ready';
    else reopenContainer(state, ref);
  }
}

function reopenContainer(state: ExecutionState, ref: NodeRef): void {
  const at = nodeState(ref);
  const run = at.run!;
  at.status = 'running';
  run.error = null;
  for (const inner of state.scopes.values()) {
    if (inner.container?.scope !== ref.scope || inner.container.node !== ref.node || inner.failed === null) continue;
    run.active += 1;
    reopen(state, inner);
  }
}
