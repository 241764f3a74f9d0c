/** Reading and changing by operation id. What is read is kept by operation and request, and read again when `live.ts` says so. */

import table from 'virtual:routes';
import {
  keepPreviousData,
  QueryClient,
  type UseQueryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { toast } from '../components/toast.tsx';
import { type Answer, call, type OperationId, type Request } from './call.ts';
import { isDue } from './due.ts';
import { ApiProblem } from './problem.ts';
import { useMayAsk } from './role.ts';

const STALE_MS = 10_000;
/** A server that restarts is back within seconds. */
const RETRIES = 5;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      retry: (count, error) => error instanceof ApiProblem && isPassing(error) && count < RETRIES,
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5_000),
    },
  },
});

/** It may be better in a moment: not reached, restarting, overloaded. */
const isPassing = ({ status }: ApiProblem): boolean => status === 0 || status === 503;

/** An operation with its request, as what is read and kept. */
export const queryOf = <Id extends OperationId>(id: Id, request: Request<Id> = {}) => ({
  queryKey: keyOf(id, request),
  queryFn: ({ signal }: Asked) => call(id, { ...request, signal }),
});

interface Asked {
  readonly signal: AbortSignal;
}

type Options<Id extends OperationId> = Pick<
  UseQueryOptions<Answer<Id>, Error>,
  'enabled' | 'refetchInterval' | 'staleTime'
> & {
  /** Show the answer to the request before until this one is there. */
  readonly keep?: boolean;
};

export function useApi<Id extends OperationId>(
  id: Id,
  request: Request<Id> = {},
  { keep, enabled = true, ...options }: Options<Id> = {},
) {
  const mayAsk = useMayAsk(id);
  return useQuery<Answer<Id>, Error>({
    ...queryOf(id, request),
    ...(keep && { placeholderData: keepPreviousData }),
    ...options,
    enabled: mayAsk && enabled,
  });
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
type ItemOf<A> = A extends Page<infer T> ? T : never;

/** A list, page after page. `cursor` is the parameter that `nextCursor` goes into; of events it is `after`. */
export const pagesOf = <Id extends OperationId>(
  id: Id,
  request: Request<Id> = {},
  cursor: 'cursor' | 'after' = 'cursor',
) => ({
  queryKey: [...keyOf(id, request), 'pages'],
  queryFn: ({ signal, pageParam }: Asked & { readonly pageParam: string | undefined }) => {
    const query = { ...(request.query as object), ...(pageParam !== undefined && { [cursor]: pageParam }) };
    return call(id, { ...request, query: query as Request<Id>['query'], signal });
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: Answer<Id>) => (last as Page<unknown>).nextCursor ?? undefined,
});

/** `items` are those of all pages read so far. */
export function useApiPages<Id extends OperationId>(
  id: Id,
  request: Request<Id> = {},
  cursor: 'cursor' | 'after' = 'cursor',
  enabled = true,
) {
  const result = useInfiniteQuery({
    enabled,
    ...pagesOf(id, request, cursor),
    placeholderData: keepPreviousData,
  });
  // The same list as long as nothing is read anew: pages reckon with it.
  const items = useMemo(
    () => (result.data?.pages ?? []).flatMap((page) => (page as Page<ItemOf<Answer<Id>>>).items),
    [result.data],
  );
  return { ...result, items };
}

/** A list as a whole, however many pages that takes. */
export const allOf = <Id extends OperationId>(id: Id) => ({
  queryKey: [...keyOf(id), 'all'],
  queryFn: async ({ signal }: Asked) => ({ items: await everyItem(id, signal) }),
});

export const useApiAll = <Id extends OperationId>(
  id: Id,
  { refetchInterval = false }: { readonly refetchInterval?: number | false } = {},
) => useQuery<{ readonly items: readonly ItemOf<Answer<Id>>[] }, Error>({ ...allOf(id), refetchInterval });

export async function everyItem<Id extends OperationId>(id: Id, signal?: AbortSignal): Promise<ItemOf<Answer<Id>>[]> {
  const all: ItemOf<Answer<Id>>[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
    const answer = await call(id, { query: query as Request<Id>['query'], ...(signal && { signal }) });
    const page = answer as Page<ItemOf<Answer<Id>>>;
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

interface ActionOptions<Id extends OperationId> {
  readonly done?: (answer: Answer<Id>, request: Request<Id>) => void;
  /** Says it in place; otherwise a notice does. */
  readonly failed?: (problem: Error) => void;
}

/** A change. What is read of the same kind is read again afterwards. */
export function useAction<Id extends OperationId>(id: Id, { done, failed }: ActionOptions<Id> = {}) {
  const client = useQueryClient();
  return useMutation<Answer<Id>, Error, Request<Id>>({
    mutationFn: (request) => call(id, request),
    onSuccess: (answer, request) => {
      void refresh(client, [table[id]?.tag ?? '']);
      done?.(answer, request);
    },
    onError: failed ?? ((error) => toast({ tone: 'bad', title: error.message })),
  });
}

export const keyOf = <Id extends OperationId>(id: Id, request: Request<Id> = {}): readonly unknown[] => [id, request];

/** Reads again what belongs to any of these tags of the table of routes. */
export function refresh(client: QueryClient, tags: readonly string[]): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey: [id] }) => tags.includes(table[String(id)]?.tag ?? ''),
  });
}

/** Reads again what `dueAfter` says. */
export function readAgain(client: QueryClient, due: ReadonlySet<string>): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey: [id, request] }) => isDue(due, table[String(id)]?.tag, request),
  });
}
