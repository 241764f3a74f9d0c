/** A page of the history: what is large is left out of it, until somebody opens the event. */
import type { EventAnswer } from '../../../../../src/contract/executions.ts';
import { call } from '../../../api/call.ts';

/** Events behind a sequence number, which ascend without gaps. */
export type ReadEvents = (
  id: string,
  after: number,
  limit: number,
  signal?: AbortSignal,
) => Promise<{ readonly items: readonly EventAnswer[] }>;

export const readEvents: ReadEvents = (id, after, limit, signal) =>
  call('listExecutionEvents', { params: { id }, query: { after, limit, values: 'omit' }, ...(signal && { signal }) });

/** With all that its events say; for whoever looks for a text in them. */
export const readWholeEvents: ReadEvents = (id, after, limit, signal) =>
  call('listExecutionEvents', { params: { id }, query: { after, limit }, ...(signal && { signal }) });
