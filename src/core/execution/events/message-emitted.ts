import type { Emission } from '../../node-type.ts';
import type { Apply, EventOf } from './event.ts';

/** A message to whoever listens; it leaves with the commit of this event. `id` is the id of its CloudEvent. */
export type MessageEmitted = EventOf<
  'message.emitted',
  { readonly path: string; readonly id: string; readonly message: Emission }
>;

export const apply: Apply<MessageEmitted> = (state, { at, data }) => {
  state.due.push({ kind: 'message', at, ...data });
};
