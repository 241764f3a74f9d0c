import { dropWaitsOf } from '../call-off.ts';
import { nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { locate, settleStatus } from './locate.ts';

/** The delay before another attempt is over. */
export type NodeWoken = EventOf<'node.woken', { readonly path: string }>;

export const apply: Apply<NodeWoken> = (state, { data }) => {
  const ref = locate(state, data.path);
  dropWaitsOf(state, ref, { came: true });
  nodeState(ref).status = 'ready';
  state.ready.push(ref);
  settleStatus(state);
};
