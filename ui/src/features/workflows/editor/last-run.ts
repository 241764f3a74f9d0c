/** The execution whose state the canvas shows: one that was started here, or the last one of the workflow. */
import { createContext, use, useMemo } from 'react';
import type { Execution, ExecutionNode } from '../../../../../src/contract/executions.ts';
import { hasEnded } from '../../../../../src/core/execution/status.ts';
import { useLive } from '../../../api/live.ts';
import { useApi } from '../../../api/query.ts';
import { toneOf } from '../../../components/tone.ts';
import { type Definition, placeOfAddress } from '../../../graph/document.ts';
import type { Mark } from '../../../graph/marks.ts';
import type { PinsHandle } from './pins.ts';

/** While the line for changes is down. */
const POLL_MS = 1_000;

export function useExecution(id: string | undefined): Execution | undefined {
  const live = useLive();
  const run = useApi(
    'getExecution',
    { params: { id: id ?? '' }, query: { include: 'input' } },
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

/** How each node did, by place. Of iterations the last one that is under way or went wrong counts. */
export function runMarks(definition: Definition, run: Execution | undefined): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  if (run === undefined) return marks;
  const seen = new Map<string, string>();
  for (const { path, status, progress, attempt, error } of run.nodes) {
    const place = placeOfAddress(definition, path);
    if (place === undefined || weight(seen.get(place)) > weight(status)) continue;
    seen.set(place, status);
    const note = progress
      ? `${progress.done}/${progress.total ?? '…'}`
      : attempt > 1
        ? `attempt ${attempt}`
        : undefined;
    marks.set(place, {
      tone: toneOf(status),
      isMoving: status === 'running',
      isFaint: status === 'skipped' || (status === 'pending' && hasEnded(run.status)),
      hint: error?.message ?? status,
      ...(note !== undefined && { note }),
    });
  }
  return marks;
}

const ORDER = ['pending', 'skipped', 'completed', 'canceled', 'waiting', 'running', 'failed'];
const weight = (status: string | undefined): number => (status === undefined ? -1 : ORDER.indexOf(status));

/** For the panel of a node: what the last run gave it, and what can be tried from there. */
export interface RunContext {
  readonly run: Execution | undefined;
  readonly pins: PinsHandle;
  /** Runs the draft as it stands, or only what this node needs. Undefined: nothing was saved yet. */
  readonly test: ((until?: string) => void) | undefined;
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
