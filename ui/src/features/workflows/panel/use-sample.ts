/** The run that a panel shows values of: the one of the canvas, or an older one where that did not come so far. */
import { useMemo, useState } from 'react';
import type { Execution, ExecutionNode } from '../../../../../src/contract/executions.ts';
import { useApi } from '../../../api/query.ts';
import { arrowsOf, type Definition } from '../../../graph/document.ts';
import { containerOf, graphAt, nodeAt, splitPlace } from '../editor/edit/scopes.ts';
import { useRun } from '../editor/last-run.ts';
import { isSmall } from '../editor/run-sizes.ts';
import { useRunValues } from '../editor/run-values.ts';
import { upstreamOf } from './reach.ts';
import { runOf, type Sample, type Source, sampleOf } from './sample.ts';

export interface PlaceSample extends Sample {
  readonly source: Source;
  readonly node: ExecutionNode | undefined;
  /** The run is so large that only what the node names was read. */
  readonly isPart: boolean;
}

const NONE = {};
/** Runs that are looked at for one that has values. */
const LOOKED_AT = 5;

export function useSample(definition: Definition, place: string, workflowId: string | undefined): PlaceSample {
  const context = useRun();
  const [now] = useState(() => Date.now());
  const pins = context?.pins.pins ?? NONE;
  const shown = context?.run;
  const isMissing = workflowId !== undefined && !cameTo(definition, shown, place);
  const list = useApi(
    'listExecutions',
    { query: { workflow: workflowId ?? '', limit: LOOKED_AT } },
    { enabled: isMissing, staleTime: 60_000 },
  );
  const other = list.data?.items.find(({ id, status }) => id !== shown?.id && status === 'completed')?.id;
  const older = useApi(
    'getExecution',
    { params: { id: other ?? '' }, query: { values: 'omit' } },
    { enabled: isMissing && other !== undefined, staleTime: 60_000 },
  ).data;
  const chosen = isMissing && (cameTo(definition, older, place) || shown === undefined) ? (older ?? shown) : shown;
  const paths = useMemo(() => pathsFor(definition, chosen, place), [definition, chosen, place]);
  const run = useRunValues(definition, chosen, paths);
  return useMemo(() => {
    const source = { definition, run, pins, now };
    return {
      ...sampleOf(source, place),
      source,
      node: runOf(source, place),
      isPart: run !== undefined && !isSmall(run),
    };
  }, [definition, place, pins, now, run]);
}

function cameTo(definition: Definition, run: Execution | undefined, place: string): boolean {
  const node = runOf({ definition, run, pins: NONE, now: 0 }, place);
  return node !== undefined && node.status !== 'pending';
}

/** Whose values its expressions need: its own, of what is joined to it, of what it names, and of the containers around. */
function pathsFor(definition: Definition, run: Execution | undefined, place: string): readonly string[] {
  const text = JSON.stringify(nodeAt(definition, place) ?? null);
  const { scope, id } = splitPlace(place);
  const joined = new Set(
    arrowsOf(graphAt(definition, scope) ?? { nodes: [] }).flatMap((one) => (one.to === id ? [one.from] : [])),
  );
  const named = upstreamOf(definition, place).filter((one) => joined.has(one.id) || text.includes(one.id));
  const around: string[] = [];
  for (let at = containerOf(scope)?.place; at !== undefined; at = containerOf(splitPlace(at).scope)?.place)
    around.push(at);
  return [place, ...named.map((one) => one.place), ...around].flatMap((one) => {
    const path = runOf({ definition, run, pins: NONE, now: 0 }, one)?.path;
    return path === undefined ? [] : [path];
  });
}
