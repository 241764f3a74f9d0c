import { nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { locate, settleStatus } from './locate.ts';

/** The node waits for a timer or for a child execution. */
export type NodeWaiting = EventOf<
  'node.waiting',
  {
    readonly path: string;
    readonly for:
      | { readonly timerId: string; readonly until: number }
      | { readonly executionId: string; readonly workflow: string; readonly input: unknown };
  }
>;

export const apply: Apply<NodeWaiting> = (state, { at, data }) => {
  const ref = locate(state, data.path);
  const node = nodeState(ref);
  node.status = 'waiting';
  node.startedAt = at;
  if ('timerId' in data.for) {
    const { timerId, until } = data.for;
    state.waits.set(timerId, { ...ref, reason: 'timer', until });
    state.due.push({ kind: 'arm', timerId, at: until });
  } else {
    state.waits.set(data.for.executionId, { ...ref, reason: 'child', until: null });
    state.due.push({ kind: 'child', path: data.path, wait: true, ...data.for });
  }
  settleStatus(state);
};
