import { nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { locate } from './locate.ts';

/** The compensation at `path` begins: it undoes the node at `of`, whose output is its `$json`. */
export type NodeCompensating = EventOf<'node.compensating', { readonly path: string; readonly of: string }>;

export const apply: Apply<NodeCompensating> = (state, { data }) => {
  const undo = state.undo.find((one) => one.scope.prefix + one.node.id === data.of)!;
  // The iteration may have closed; from here on its nodes have addresses again.
  state.scopes.set(undo.scope.prefix, undo.scope);
  const ref = locate(state, data.path);
  const node = nodeState(ref);
  node.status = 'ready';
  node.sources = [undo.node.index];
  state.ready.push(ref);
};
