/**
 * What the page of an execution shows first. It is read from when its address is known, while the scripts of the page are
 * on their way: the execution, then the document that it runs on.
 */
import { call, type Request } from '../../api/call.ts';
import { queryClient, queryOf } from '../../api/query.ts';

/** Begins the keys of what belongs to one execution. */
export const RUN = 'run';

/** Without the values, which are read when they are looked at. */
export const executionQuery = (id: string, at?: number) => ({
  queryKey: [RUN, id, 'execution', at ?? 'now'],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    call('getExecution', {
      params: { id },
      query: { values: 'omit', ...(at !== undefined && { at }) },
      signal,
    }),
});

export const versionRequest = (workflowId: string, version: number): Request<'getVersion'> => ({
  params: { id: workflowId, version },
});

/** What goes wrong is said by the page itself, which reads it again. */
export async function readFirst(id: string): Promise<void> {
  const query = executionQuery(id);
  await queryClient.prefetchQuery(query);
  const execution = queryClient.getQueryData<Awaited<ReturnType<typeof query.queryFn>>>(query.queryKey);
  if (execution === undefined) return;
  const request = versionRequest(execution.workflowId, execution.version);
  await queryClient.prefetchQuery({ ...queryOf('getVersion', request), staleTime: Number.POSITIVE_INFINITY });
}
