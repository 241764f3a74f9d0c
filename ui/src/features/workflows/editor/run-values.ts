/** What flowed in a run, read where somebody looks: of a small run at once, of another node by node, and what is large only when it is asked for. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Execution, ExecutionNode } from '../../../../../src/contract/executions.ts';
import { call } from '../../../api/call.ts';
import { queryClient, useApi } from '../../../api/query.ts';
import type { Definition } from '../../../graph/document.ts';
import { bytesOf, isSmall, LARGE_BYTES } from './run-sizes.ts';

/** Kept for as long as the node has not gone on. */
const nodeQuery = (run: string, { path, status, attempt, finishedAt }: ExecutionNode) => ({
  queryKey: ['node-values', run, path, status, attempt, finishedAt],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    call('getExecutionNode', { params: { id: run }, query: { path }, signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What it gave, however large. */
export const readOutput = async (run: string, node: ExecutionNode): Promise<unknown> =>
  (await queryClient.fetchQuery(nodeQuery(run, node))).output;

/** `$trigger` of a run that was read without values; undefined while it is not there, or too large. */
export function useTrigger(run: Execution | undefined, isWanted = true): unknown {
  const { data } = useQuery({
    queryKey: ['trigger-value', run?.id],
    queryFn: async ({ signal }) => {
      // What was gathered into one execution is told by the second event.
      const { items } = await call('listExecutionEvents', {
        params: { id: run?.id ?? '' },
        query: { limit: 2 },
        signal,
      });
      const data = Object.assign({}, ...items.map((event) => event.data));
      return { trigger: 'triggers' in data ? { batch: data.triggers } : data.trigger };
    },
    enabled: isWanted && run !== undefined && (run.triggerBytes ?? 0) <= LARGE_BYTES,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data?.trigger;
}

/** The run with the values of these nodes, or of all where it is small. */
export function useRunValues(
  definition: Definition,
  run: Execution | undefined,
  paths: readonly string[],
): Execution | undefined {
  const isWhole = run !== undefined && isSmall(run);
  const whole = useApi(
    'getExecution',
    { params: { id: run?.id ?? '' }, query: { include: 'input' } },
    { enabled: isWhole },
  ).data;
  const trigger = useTrigger(run, !isWhole);
  const wanted =
    run === undefined || isWhole
      ? []
      : run.nodes.filter(
          ({ path, status }) =>
            status !== 'pending' && paths.includes(path) && bytesOf(definition, run, path) <= LARGE_BYTES,
        );
  const read = useQueries({
    queries: wanted.map((node) => nodeQuery(run?.id ?? '', node)),
    combine: (answers) => answers.flatMap(({ data }) => (data === undefined ? [] : [data])),
  });
  return useMemo(() => {
    if (run === undefined) return undefined;
    if (isWhole) return whole ?? run;
    const values = new Map(read.map(({ path, input, output }) => [path, { input, output }]));
    return { ...run, trigger, nodes: run.nodes.map((node) => ({ ...node, ...values.get(node.path) })) };
  }, [run, isWhole, whole, trigger, read]);
}

export interface NodeValues {
  readonly input?: unknown;
  readonly output?: unknown;
  /** How much waits to be asked for. */
  readonly waiting?: number;
  readonly isReading: boolean;
  readonly read: () => void;
}

/** For the panel of one node. */
export function useNodeValues(
  definition: Definition,
  run: Execution | undefined,
  node: ExecutionNode | undefined,
): NodeValues {
  const [asked, ask] = useState<string>();
  const bytes = run && node ? bytesOf(definition, run, node.path) : 0;
  const isWanted = bytes <= LARGE_BYTES || asked === node?.path;
  const { data, isFetching } = useQuery({
    ...nodeQuery(run?.id ?? '', node ?? NOWHERE),
    enabled: run !== undefined && node !== undefined && isWanted,
  });
  return { ...data, ...(!isWanted && { waiting: bytes }), isReading: isFetching, read: () => ask(node?.path) };
}

const NOWHERE: ExecutionNode = {
  ...{ path: '', id: '', type: '', status: 'pending', attempt: 0, port: null, error: null },
  ...{ startedAt: null, finishedAt: null },
};
