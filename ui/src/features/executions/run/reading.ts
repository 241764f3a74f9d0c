/**
 * What the page of an execution reads. It is kept under a key of its own: the page follows the history of this one
 * execution, and need not read it again whenever any other one changes.
 */
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Iteration, NodeDetailAnswer } from '../../../../../src/contract/execution-nodes.ts';
import type { Execution, ExecutionNode } from '../../../../../src/contract/executions.ts';
import { call } from '../../../api/call.ts';
import { useApi } from '../../../api/query.ts';
import { executionQuery, RUN, versionRequest } from '../first-reading.ts';
import { nameOf } from './address.ts';
import { culpritAmong } from './culprit.ts';
import { readWholeEvents } from './read-events.ts';

/** What may be large: it is read when somebody opens it, and not again with each event. */
const RUN_VALUES = 'values of a run';

const QUEUE_MS = 2_000;

/** Not even when the line to the server was down, and everything is read again. */
const FOR_EVER = { staleTime: 'static' } as const;
/** What was at a moment never changes. */
const forEver = (at: number | undefined) => (at === undefined ? {} : FOR_EVER);
const moment = (at: number | undefined) => (at === undefined ? {} : { at });

export function useExecution(id: string, at?: number) {
  return useQuery({
    ...executionQuery(id, at),
    placeholderData: keepPreviousData,
    // Its place in a queue changes without an event of its own.
    refetchInterval: ({ state }) => (at === undefined && state.data?.status === 'pending' ? QUEUE_MS : false),
    ...forEver(at),
  });
}

/**
 * `$trigger` and the output of the whole, as they are now: the input is the same at any moment. They are read again only
 * when they can be others, not with each event.
 */
export function useWholeValues({ id, status, startedAt, finishedAt }: Execution) {
  const state = [startedAt, status === 'completed' ? finishedAt : null];
  return useQuery({
    queryKey: [RUN_VALUES, id, ...state],
    queryFn: async ({ signal }) => {
      const { trigger, output } = await readWhole(id, signal);
      return { trigger, output };
    },
    ...FOR_EVER,
  });
}

export const readWhole = (id: string, signal?: AbortSignal) =>
  call('getExecution', { params: { id }, query: { values: 'whole' }, ...(signal && { signal }) });

/** All that happened to it; how large its values are, and not these themselves. */
export function useNode(id: string, path: string, at?: number) {
  return useQuery({
    queryKey: [RUN, id, 'node', path, at ?? 'now'],
    queryFn: ({ signal }) =>
      call('getExecutionNode', { params: { id }, query: { path, values: 'omit', ...moment(at) }, signal }),
    placeholderData: (before, query) => (query?.queryKey[3] === path ? before : undefined),
    ...forEver(at),
  });
}

/** What went into a node, and came out: read once for each time that it ran, not with each event. */
export function useNodeValues(id: string, node: NodeDetailAnswer, at: number | undefined, isWanted: boolean) {
  const { path, startedAt, finishedAt, port, attempts, inputBytes, outputBytes } = node;
  // Another attempt has the same input; a node that runs again after a retry of the execution may have another.
  const rounds = attempts.filter((one) => one.finishedAt !== null && one.retryAt === null).length;
  const state = [startedAt, finishedAt, rounds, port, inputBytes, outputBytes];
  return useQuery({
    enabled: isWanted,
    queryKey: [RUN_VALUES, id, path, ...state],
    queryFn: async ({ signal }) => {
      const { input, output } = await call('getExecutionNode', {
        params: { id },
        query: { path, ...moment(at) },
        signal,
      });
      return { input, output };
    },
    ...FOR_EVER,
  });
}

/** One event with all that it says. */
export function useWholeEvent(id: string, seq: number, isWanted: boolean) {
  return useQuery({
    enabled: isWanted,
    queryKey: [RUN_VALUES, id, 'event', seq],
    queryFn: async ({ signal }) => (await readWholeEvents(id, seq - 1, 1, signal)).items[0] ?? null,
    ...FOR_EVER,
  });
}

const ITERATIONS = 50;

/** Without a status all of them. */
export function useIterations(id: string, parent: string, status: Iteration['status'] | undefined, at?: number) {
  return useInfiniteQuery({
    queryKey: [RUN, id, 'iterations', parent, status ?? 'all', at ?? 'now'],
    queryFn: ({ signal, pageParam }) =>
      call('listIterations', {
        params: { id },
        query: {
          ...{ parent, status, values: 'omit', limit: ITERATIONS, ...moment(at) },
          ...(pageParam && { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    ...forEver(at),
  });
}

/** The node that failed in a container with more iterations than the page knows; null where it cannot be told. */
export function useFarCulprit(id: string, container: string | undefined, at?: number) {
  return useQuery({
    enabled: container !== undefined,
    queryKey: [RUN, id, 'culprit', container, at ?? 'now'],
    queryFn: ({ signal }) => farCulprit(id, container ?? '', at, signal),
    ...forEver(at),
  });
}

async function farCulprit(
  id: string,
  parent: string,
  at: number | undefined,
  signal: AbortSignal,
): Promise<ExecutionNode | null> {
  const { items } = await call('listIterations', {
    params: { id },
    query: { parent, status: 'failed', values: 'omit', limit: 1, ...moment(at) },
    signal,
  });
  const [iteration] = items;
  if (iteration === undefined) return null;
  const { node, around } = culpritAmong(
    iteration.nodes.map((one) => ({ ...one, path: nameOf(one.path) })),
    iteration.error?.code ?? '',
  );
  if (around !== undefined) return await farCulprit(id, `${iteration.path}/${around}`, at, signal);
  return iteration.nodes.find(({ path }) => nameOf(path) === node?.path) ?? null;
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
  return useApi('getVersion', versionRequest(workflowId, version), { staleTime: Number.POSITIVE_INFINITY });
}

/** Reads again whatever is shown of it. */
export function useReadAgain(id: string): () => void {
  const client = useQueryClient();
  return useCallback(() => void client.invalidateQueries({ queryKey: [RUN, id] }), [client, id]);
}
