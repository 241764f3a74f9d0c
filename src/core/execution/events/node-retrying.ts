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
    /** The attempt does not count among those of the retry policy: an open circuit refused it. */
    readonly uncounted?: true;
  }
>;

export const apply: Apply<NodeRetrying> = (state, { data }) => {
  const ref = locate(state, data.path);
  state.tasks.delete(data.path);
  settle(state, ref, (type) => settlementOf(type, data));
  if (data.error.code === 'interrupted') nodeState(ref).crashes += 1;
  if (isLost(data.error)) nodeState(ref).lost = true;
  if (data.uncounted) nodeState(ref).attemptsBefore += 1;
  if (data.timerId === null) {
    nodeState(ref).status = 'ready';
    state.ready.push(ref);
  } else {
    nodeState(ref).status = 'waiting';
    nodeState(ref).waits = [data.timerId];
    state.waits.set(data.timerId, { ...ref, reason: 'retry', until: data.until });
    state.due.push({ kind: 'arm', timerId: data.timerId, at: data.until });
  }
  settleStatus(state);
};
