/** A page of the history. */
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
  call('listExecutionEvents', { params: { id }, query: { after, limit }, ...(signal && { signal }) });
