import type { Response } from '../../node-type.ts';
import type { Apply, EventOf } from './event.ts';

/** The answer to the caller who waits for it. */
export type ResponseSent = EventOf<'response.sent', { readonly path: string; readonly response: Response }>;

export const apply: Apply<ResponseSent> = (state, { data }) => {
  state.due.push({ kind: 'respond', response: data.response });
};
