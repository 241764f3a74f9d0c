/** The execution whose state the canvas shows, without what flowed: one that was started here, or the last one of the workflow. */
import { createContext, use, useMemo } from 'react';
import type { Execution, ExecutionNode } from '../../../../../src/contract/executions.ts';
import { hasEnded } from '../../../../../src/core/execution/status.ts';
import { useLive } from '../../../api/live.ts';
import { useApi } from '../../../api/query.ts';
import { type Definition, placeOfAddress } from '../../../graph/document.ts';
import type { PinsHandle } from './pins.ts';

/** While the line for changes is down. */
const POLL_MS = 1_000;

export function useExecution(id: string | undefined): Execution | undefined {
  const live = useLive();
  const run = useApi(
    'getExecution',
    { params: { id: id ?? '' }, query: { values: 'omit' } },
    {
      enabled: id !== undefined,
      refetchInterval: ({ state: { data } }) =>
        live === 'live' || (data !== undefined && hasEnded(data.status)) ? false : POLL_MS,
    },
  );
  return run.data;
}

/** The newest execution of a workflow that was saved. */
export function useNewest(workflow: string | undefined): string | undefined {
  const list = useApi(
    'listExecutions',
    { query: { workflow: workflow ?? '', limit: 1 } },
    { enabled: workflow !== undefined, staleTime: 60_000 },
  );
  return list.data?.items[0]?.id;
}

/** Runs the draft as it stands, or until this place; `alone`: what is before it has the values that are known of it. */
export type Test = (until?: string, alone?: boolean) => void;

/** For the panel of a node: what the last run gave it, and what can be tried from there. */
export interface RunContext {
  readonly run: Execution | undefined;
  readonly pins: PinsHandle;
  readonly test: Test | undefined;
}

const Context = createContext<RunContext | undefined>(undefined);
export const RunProvider = Context.Provider;
export const useRun = (): RunContext | undefined => use(Context);

/** The node of the last run at a place: of iterations the last. */
export function useNodeRun(definition: Definition, place: string): ExecutionNode | undefined {
  const run = useRun()?.run;
  return useMemo(
    () => run?.nodes.findLast(({ path }) => placeOfAddress(definition, path) === place),
    [run, definition, place],
  );
}
