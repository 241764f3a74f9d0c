import type { ErrorInfo } from '../../errors.ts';
import { dropWaitsOf } from '../call-off.ts';
import { settle, settlementOf } from '../charge.ts';
import { failScope, leave } from '../flow.ts';
import { nodeState } from '../state.ts';
import { tell } from '../telling.ts';
import { compensationEnded } from '../undo.ts';
import type { Apply, EventOf } from './event.ts';
import { locate, settleStatus } from './locate.ts';

/** The node failed for good. `port` is where its `onError` leaves by; null: nothing handles it here. */
export type NodeFailed = EventOf<
  'node.failed',
  { readonly path: string; readonly error: ErrorInfo; readonly port: string | null }
>;

export const apply: Apply<NodeFailed> = (state, { at, data }) => {
  const ref = locate(state, data.path);
  const node = nodeState(ref);
  state.tasks.delete(data.path);
  if (node.status === 'waiting') dropWaitsOf(state, ref, { came: true });
  if (node.startedAt === 0) node.startedAt = at;
  settle(state, ref, (type) => settlementOf(type, data));
  tell(state, ref, { is: 'failed', error: data.error });
  state.unwinding = state.unwinding.filter((one) => one.scope !== ref.scope || one.node !== ref.node);
  node.status = 'failed';
  node.output = { error: data.error };
  node.port = data.port;
  node.unhandled = data.port === null;
  if (ref.node.compensates !== null) compensationEnded(state, ref, data.port === null);
  else if (data.port === null) failScope(state, ref.scope, data.error, data.path);
  else leave(state, ref, data.port);
  settleStatus(state);
};
