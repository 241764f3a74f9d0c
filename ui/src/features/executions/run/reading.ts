/**
 * What the page of an execution reads. It is kept under a key of its own: the page follows the history of this one
 * execution, and need not read it again whenever any other one changes.
 */
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { call } from '../../../api/call.ts';
import { useApi } from '../../../api/query.ts';

export const RUN = 'run';

const QUEUE_MS = 2_000;

/** What was at a moment never changes. */
const forEver = (at: number | undefined) => (at === undefined ? {} : { staleTime: Number.POSITIVE_INFINITY });
const moment = (at: number | undefined) => (at === undefined ? {} : { at });

/** Without the values, which are read when they are looked at. */
export function useExecution(id: string, at?: number) {
  return useQuery({
    queryKey: [RUN, id, 'execution', at ?? 'now'],
    queryFn: ({ signal }) => call('getExecution', { params: { id }, query: { values: 'omit', ...moment(at) }, signal }),
    placeholderData: keepPreviousData,
    // Its place in a queue changes without an event of its own.
    refetchInterval: ({ state }) => (at === undefined && state.data?.status === 'pending' ? QUEUE_MS : false),
    ...forEver(at),
  });
}

/** `$trigger` and the output of the whole. */
export function useWholeValues(id: string, at?: number) {
  return useQuery({
    queryKey: [RUN, id, 'values', at ?? 'now'],
    queryFn: async ({ signal }) => {
      const { trigger, output } = await call('getExecution', { params: { id }, query: { ...moment(at) }, signal });
      return { trigger, output };
    },
    placeholderData: keepPreviousData,
    ...forEver(at),
  });
}

export function useNode(id: string, path: string, at?: number) {
  return useQuery({
    queryKey: [RUN, id, 'node', path, at ?? 'now'],
    queryFn: ({ signal }) => call('getExecutionNode', { params: { id }, query: { path, ...moment(at) }, signal }),
    placeholderData: (before, query) => (query?.queryKey[3] === path ? before : undefined),
    ...forEver(at),
  });
}

const ITERATIONS = 50;

export function useIterations(id: string, parent: string, at?: number) {
  return useInfiniteQuery({
    queryKey: [RUN, id, 'iterations', parent, at ?? 'now'],
    queryFn: ({ signal, pageParam }) =>
      call('listIterations', {
        params: { id },
        query: { parent, values: 'omit', limit: ITERATIONS, ...moment(at), ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    ...forEver(at),
  });
}

/** Calls of models with their costs, in the order they began. */
export function useCalls(id: string) {
  return useInfiniteQuery({
    queryKey: [RUN, id, 'calls'],
    queryFn: ({ signal, pageParam }) =>
      call('listExecutionCalls', {
        params: { id },
        query: { limit: 200, ...(pageParam && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

/** The document that ran; a version never changes. */
export function useDefinition(workflowId: string, version: number) {
  return useApi('getVersion', { params: { id: workflowId, version } }, { staleTime: Number.POSITIVE_INFINITY });
}

/** Reads again whatever is shown of it. */
export function useReadAgain(id: string): () => void {
  const client = useQueryClient();
  return useCallback(() => void client.invalidateQueries({ queryKey: [RUN, id] }), [client, id]);
}
