import type { ErrorInfo } from '../../errors.ts';
import { isLost } from '../../lost-answer.ts';
import { settle, settlementOf } from '../charge.ts';
import { nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { locate, settleStatus } from './locate.ts';

/** An attempt failed, and another comes when the timer fires; `timerId` null: at once. */
export type NodeRetrying = EventOf<
  'node.retrying',
  {
    readonly path: string;
    /** The attempt that failed. */
    readonly attempt: number;
    readonly error: ErrorInfo;
    readonly timerId: string | null;
    readonly until: number;
    /** The attempt does not count among those of the retry policy: it was not made, or ended with its process. */
    readonly uncounted?: true;
  }
>;

export const apply: Apply<NodeRetrying> = (state, { data }) => {
  const ref = locate(state, data.path);
  state.tasks.delete(data.path);
  const node = nodeState(ref);
  if (data.error.code === 'answer_lost') node.doubtful = false;
  // What could not be asked is asked again, where it is not given up: what the attempt before did cost is still open.
  if (!node.doubtful || data.timerId === null) settle(state, ref, (type) => settlementOf(type, data));
  if (data.error.code === 'interrupted') node.crashes += 1;
  if (isLost(data.error)) node.lost = true;
  if (data.uncounted) node.attemptsBefore += 1;
  if (data.timerId === null) {
    node.status = 'ready';
    state.ready.push(ref);
  } else {
    node.status = 'waiting';
    node.waits = [data.timerId];
    state.waits.set(data.timerId, { ...ref, reason: 'retry', until: data.until });
    state.due.push({ kind: 'arm', timerId: data.timerId, at: data.until });
  }
  settleStatus(state);
};
