import type { ErrorInfo } from '../../errors.ts';
import { failScope, leave } from '../flow.ts';
import { nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { dropWait, locate, settleStatus } from './locate.ts';

/** The node failed for good. `port` is where its `onError` leaves by; null: nothing handles it here. */
export type NodeFailed = EventOf<
  'node.failed',
  { readonly path: string; readonly error: ErrorInfo; readonly port: string | null }
>;

export const apply: Apply<NodeFailed> = (state, { at, data }) => {
  const ref = locate(state, data.path);
  const node = nodeState(ref);
  state.tasks.delete(data.path);
  if (node.status === 'waiting') dropWait(state, ref);
  if (node.startedAt === 0) node.startedAt = at;
  node.status = 'failed';
  node.output = { error: data.error };
  node.unhandled = data.port === null;
  if (data.port === null) failScope(state, ref.scope, data.error, data.path);
  else leave(state, ref, data.port);
  settleStatus(state);
};
