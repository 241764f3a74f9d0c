import type { Callback } from '../state.ts';
import type { Apply, EventOf } from './event.ts';

/** A callback came before a node waited for it; the node finds it when its turn comes. */
export type CallbackReceived = EventOf<'callback.received', Callback>;

export const apply: Apply<CallbackReceived> = (state, { data }) => {
  state.callbacks.push(data);
};
