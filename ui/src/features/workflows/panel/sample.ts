/** What the expressions of a node saw in a run, or would have seen: out of an execution and the pinned outputs. */
import type { Execution, ExecutionNode } from '../../../../../src/contract/executions.ts';
import type { Env } from '../../../../../src/core/expression/env.ts';
import { compileTemplate } from '../../../../../src/core/expression/index.ts';
import { arrowsOf, type Definition, placeIn, placeOfAddress } from '../../../graph/document.ts';
import { containerOf, graphAt, nodeAt, splitPlace } from '../editor/edit/scopes.ts';
import { loopAround } from './reach.ts';

export interface Source {
  readonly definition: Definition;
  readonly run: Execution | undefined;
  /** Outputs that tests take, by place. */
  readonly pins: Readonly<Record<string, unknown>>;
  readonly now: number;
}

export interface Sample {
  readonly env: Env;
  /** Whether there is anything to evaluate against. */
  readonly hasData: boolean;
  readonly hasInput: boolean;
}

/** Secrets stay on the server: this stands in for them. */
const secret = (name: string): string => `‹${name}›`;

export function sampleOf(source: Source, place: string): Sample {
  const { definition, run, pins, now } = source;
  const scope = scopeAddress(source, place);
  const input = inputAt(source, place, scope);
  const loop = loopEnv(source, place, scope);
  const env: Env = {
    $json: input,
    $trigger: run?.trigger,
    $execution: run && { id: run.id, createdAt: run.createdAt, callbackUrl: `${here()}/callbacks/…` },
    $workflow: { id: run?.workflowId, name: definition.name, version: run?.version },
    $vars: {},
    $now: now,
    ...loop,
    node: (id) => nodeOutput(source, place, scope, id),
    secret,
  };
  const hasInput = input !== undefined;
  return { env, hasInput, hasData: run !== undefined || Object.keys(pins).length > 0 };
}

const here = (): string => (typeof location === 'undefined' ? '' : location.origin);

/** How a node did: of iterations the last one. */
export function runOf({ definition, run }: Source, place: string): ExecutionNode | undefined {
  return run?.nodes.findLast(({ path }) => placeOfAddress(definition, path) === place);
}

const parentOf = (address: string): string => address.slice(0, Math.max(0, address.lastIndexOf('/')));
const join = (scope: string, id: string): string => (scope === '' ? id : `${scope}/${id}`);

/** Where in the run the graph of this node was last at work: `each[3]`; '' outside, undefined: nowhere. */
function scopeAddress(source: Source, place: string): string | undefined {
  const { scope } = splitPlace(place);
  if (scope === '') return '';
  const own = runOf(source, place);
  if (own?.input !== undefined || own?.output != null) return parentOf(own.path);
  const { definition, run } = source;
  const sibling = run?.nodes.findLast(({ path }) => {
    const at = placeOfAddress(definition, path);
    return at !== undefined && splitPlace(at).scope === scope;
  });
  return sibling && parentOf(sibling.path);
}

/** Output of a node at an address of the run; pinned ones go before. */
function outputAt({ definition, run, pins }: Source, scope: string, id: string): unknown {
  const place = placeOfAddress(definition, join(scope, id));
  if (place !== undefined && place in pins) return pins[place];
  const node = run?.nodes.find(({ path }) => path === join(scope, id));
  return node?.status === 'completed' ? node.output : undefined;
}

/** The innermost graph that has a node of this id answers, as in the engine. */
function nodeOutput(source: Source, place: string, address: string | undefined, id: string): unknown {
  let { scope } = splitPlace(place);
  let at = address;
  for (;;) {
    if (graphAt(source.definition, scope)?.nodes.some((node) => node.id === id))
      return at === undefined ? undefined : outputAt(source, at, id);
    const container = containerOf(scope);
    if (container === undefined) return undefined;
    scope = splitPlace(container.place).scope;
    at = scope === '' ? '' : at && parentOf(at);
  }
}

function inputAt(source: Source, place: string, address: string | undefined): unknown {
  const { scope, id } = splitPlace(place);
  const graph = graphAt(source.definition, scope);
  if (graph === undefined) return undefined;
  const before = [...new Set(arrowsOf(graph).flatMap(({ from, to }) => (to === id ? [from] : [])))];
  const isPinned = before.some((one) => placeIn(scope, one) in source.pins);
  const own = runOf(source, place);
  if (own?.input !== undefined && own.status !== 'skipped' && !isPinned) return own.input;
  if (before.length === 0) return scope === '' ? source.run?.trigger : inputOfBody(source, scope, address);
  if (address === undefined) return undefined;
  const outputs = before
    .map((one) => [one, outputAt(source, address, one)] as const)
    .filter(([, output]) => output !== undefined);
  if (outputs.length === 0) return undefined;
  return before.length === 1 || outputs.length === 1 ? outputs[0]?.[1] : Object.fromEntries(outputs);
}

/** At the start of a body: the item, or what its container got. */
function inputOfBody(source: Source, scope: string, address: string | undefined): unknown {
  const container = containerOf(scope);
  if (container === undefined) return undefined;
  const items = itemsOf(source, container.place);
  if (items !== undefined) return items[indexIn(address) ?? 0];
  return sampleOf(source, container.place).env.$json;
}

function indexIn(address: string | undefined): number | undefined {
  const key = /\[([^[\]]+)\]$/.exec(address ?? '')?.[1];
  return key !== undefined && /^\d+$/.test(key) ? Number(key) : undefined;
}

/** The list that a container goes through, from its config; undefined where it has none or it cannot be told. */
function itemsOf(source: Source, place: string): readonly unknown[] | undefined {
  const items = nodeAt(source.definition, place)?.config?.items;
  if (items === undefined) return undefined;
  try {
    const list = compileTemplate(items).resolve(sampleOf(source, place).env);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function loopEnv(source: Source, place: string, address: string | undefined): Partial<Env> {
  const container = loopAround(source.definition, place);
  // The condition of a loop is asked before each round.
  if (container === undefined)
    return nodeAt(source.definition, place)?.type === 'loop' ? { $index: 0, $results: [] } : {};
  const { id } = splitPlace(container);
  const steps = (address ?? '').split('/');
  const own = steps.findLastIndex((step) => step.startsWith(`${id}[`));
  const index = indexIn(steps[own]) ?? 0;
  const results = runOf(source, container)?.output;
  return {
    $index: index,
    $item: itemsOf(source, container)?.[index],
    $results: Array.isArray(results) ? results.slice(0, index) : [],
  };
}
