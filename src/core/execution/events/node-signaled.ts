import type { Heard } from '../../node-type.ts';
import { nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { locate } from './locate.ts';

/** What a waiting node heard: an answer (who, what) or one of its timers. What comes of it is the next event. */
export type NodeSignaled = EventOf<
  'node.signaled',
  { readonly path: string; readonly waitId: string; readonly heard: Heard }
>;

/** What has come is not waited for any more, so nobody calls it off. */
export const apply: Apply<NodeSignaled> = (state, { data: { path, waitId, heard } }) => {
  const node = nodeState(locate(state, path));
  const came = node.waits.find((id) =>
    'answer' in heard ? id === waitId : state.waits.get(id)?.timer?.name === heard.timer,
  );
  if (came === undefined) return;
  state.waits.delete(came);
  node.waits = node.waits.filter((id) => id !== came);
};
