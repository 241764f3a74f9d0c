import { callOff } from '../call-off.ts';
import { nodeState } from '../state.ts';
import { tell } from '../telling.ts';
import type { Apply, EventOf } from './event.ts';
import { finish, locate, settleStatus } from './locate.ts';

/**
 * A person let the node count as done, or it is pinned in a test, with the output and port given; what it was doing is
 * called off.
 */
export type NodeSkipped = EventOf<
  'node.skipped',
  { readonly path: string; readonly port: string; readonly output: unknown; readonly reason: string }
>;

export const apply: Apply<NodeSkipped> = (state, { data }) => {
  const ref = locate(state, data.path);
  callOff(state, data.path);
  // Of a container `run` stays: what was done inside is undone with what it held.
  nodeState(ref).unhandled = false;
  tell(state, ref, { is: 'completed', output: data.output });
  finish(state, ref, data.port, data.output);
  settleStatus(state);
};
