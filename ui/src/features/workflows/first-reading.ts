/** What the editor shows first, which is read while its scripts are on their way: the workflow, and the types it is made of. */
import type { Request } from '../../api/call.ts';
import { queryClient, queryOf } from '../../api/query.ts';

export const workflowRequest = (id: string): Request<'getWorkflow'> => ({ params: { id } });

export const readWorkflow = (id: string): Promise<void> =>
  queryClient.prefetchQuery(queryOf('getWorkflow', workflowRequest(id)));

/** Types do not change while a server runs. */
export const TYPES = { staleTime: 10 * 60_000 };

export const readTypes = (): readonly Promise<void>[] => [
  queryClient.prefetchQuery({ ...queryOf('listNodeTypes'), ...TYPES }),
  queryClient.prefetchQuery({ ...queryOf('listTriggerTypes'), ...TYPES }),
];
