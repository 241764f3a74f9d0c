import type { Heard } from '../../node-type.ts';
import type { ExecutionState } from '../state.ts';
import { earlyCallback, nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { locate } from './locate.ts';

/** What a waiting node heard: an answer (who, what) or one of its timers. What comes of it is the next event. */
export type NodeSignaled = EventOf<
  'node.signaled',
  {
    readonly path: string;
    /** Absent: it came before the node waited. */
    readonly waitId?: string;
    readonly heard: Heard;
  }
>;

/** What has come is not waited for any more, so nobody calls it off. */
export const apply: Apply<NodeSignaled> = (state, { data: { path, waitId, heard } }) => {
  const ref = locate(state, path);
  if (waitId === undefined) return takeCallback(state, ref.node.id);
  const node = nodeState(ref);
  const came = node.waits.find((id) =>
    'answer' in heard ? id === waitId : state.waits.get(id)?.timer?.name === heard.timer,
  )!;
  // A callback may have come past the gate of its question, before that stood in the store.
  if ('answer' in heard && state.waits.get(came)?.reason === 'callback') {
    state.due.push({ kind: 'close-wait', waitId, expired: false });
  }
  state.waits.delete(came);
  node.waits = node.waits.filter((id) => id !== came);
};

function takeCallback(state: ExecutionState, nodeId: string): void {
  const taken = earlyCallback(state, nodeId);
  state.callbacks = state.callbacks.filter((one) => one !== taken);
}
