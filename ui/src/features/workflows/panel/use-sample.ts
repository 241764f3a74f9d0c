/** The run that a panel shows values of: the one of the canvas, or an older one where that did not come so far. */
import { useMemo, useState } from 'react';
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { useApi } from '../../../api/query.ts';
import type { Definition } from '../../../graph/document.ts';
import { useRun } from '../editor/last-run.ts';
import { runOf, type Sample, type Source, sampleOf } from './sample.ts';

export interface PlaceSample extends Sample {
  readonly source: Source;
  readonly node: ExecutionNode | undefined;
}

const NONE = {};
/** Runs that are looked at for one that has values. */
const LOOKED_AT = 5;

export function useSample(definition: Definition, place: string, workflowId: string | undefined): PlaceSample {
  const context = useRun();
  const [now] = useState(() => Date.now());
  const pins = context?.pins.pins ?? NONE;
  const shown = context?.run;
  const isMissing =
    workflowId !== undefined && runOf({ definition, run: shown, pins, now }, place)?.input === undefined;
  const list = useApi(
    'listExecutions',
    { query: { workflow: workflowId ?? '', limit: LOOKED_AT } },
    { enabled: isMissing, staleTime: 60_000 },
  );
  const other = list.data?.items.find(({ id, status }) => id !== shown?.id && status === 'completed')?.id;
  const older = useApi(
    'getExecution',
    { params: { id: other ?? '' }, query: { include: 'input' } },
    { enabled: isMissing && other !== undefined, staleTime: 60_000 },
  ).data;
  return useMemo(() => {
    const hasOlder = runOf({ definition, run: older, pins, now }, place)?.input !== undefined;
    const run = isMissing && (hasOlder || shown === undefined) ? (older ?? shown) : shown;
    const source = { definition, run, pins, now };
    return { ...sampleOf(source, place), source, node: runOf(source, place) };
  }, [definition, place, pins, now, shown, older, isMissing]);
}
