/** A valid definition to a plan. What `validate` let through compiles; anything else is a fault of ours. */
import { parseEdge } from '../definition/edge.ts';
import type { RetryDefinition } from '../definition/retry-schema.ts';
import type { Definition, GraphDefinition, NodeDefinition } from '../definition/schema.ts';
import { parseDuration } from '../duration.ts';
import { MyelinError } from '../errors.ts';
import { compileExpression, compileTemplate, type Expression } from '../expression/index.ts';
import { compileFlow } from '../flow/plan.ts';
import { compileMask } from '../masking/settings.ts';
import { toNanos } from '../money.ts';
import { directorOf, isContainer, type NodeType, type NodeTypes, rawFieldsOf } from '../node-type.ts';
import { defaultRetry, type RetryPolicy } from '../retry.ts';
import type { Edge, Graph, Join, Plan, PlanNode } from './plan.ts';

export interface Identity {
  readonly workflowId: string;
  readonly version: number;
}

/** `callbackUrl` of an execution: a secret of the house, so it comes from outside. */
export type CallbackUrl = (executionId: string) => string;

export function compilePlan(
  definition: Definition,
  identity: Identity,
  types: NodeTypes,
  callbackUrl: CallbackUrl = (executionId) => `/callbacks/${executionId}`,
): Plan {
  const { settings } = definition;
  return {
    ...identity,
    name: definition.name,
    root: compileGraph(definition, types, { retry: settings?.retry }),
    timeoutMs: settings?.timeout === undefined ? null : parseDuration(settings.timeout),
    priority: settings?.priority ?? 'default',
    flow: settings === undefined ? null : compileFlow(settings, identity.workflowId),
    callbackUrl,
    costLimit: settings?.budget === undefined ? null : toNanos(settings.budget),
    errorWorkflow: settings?.errorWorkflow ?? null,
    mask: compileMask(settings?.mask),
  };
}

/** What nodes that say nothing themselves take from around them. */
interface Inherited {
  readonly retry?: RetryDefinition | undefined;
  readonly timeout?: string | undefined;
}

function compileGraph(graph: GraphDefinition, types: NodeTypes, inherited: Inherited): Graph {
  const index = new Map(graph.nodes.map((node, at) => [node.id, at]));
  const out: Edge[][] = graph.nodes.map(() => []);
  const incoming = graph.nodes.map(() => 0);
  const branching = new Set<number>();
  const compensated = new Map<number, number>();
  for (const [at, { compensate }] of graph.nodes.entries()) {
    if (compensate !== undefined) compensated.set(index.get(compensate)!, at);
  }
  for (const text of graph.edges ?? []) {
    const edge = parseEdge(text)!;
    const from = index.get(edge.from)!;
    const to = index.get(edge.to)!;
    if (edge.port === 'error') branching.add(from);
    out[from]!.push({ port: edge.port ?? 'out', to });
    incoming[to]! += 1;
  }
  const nodes = graph.nodes.map((node, at) => {
    const wiring = {
      index: at,
      out: out[at]!,
      incoming: incoming[at]!,
      branches: branching.has(at),
      compensation: node.compensate === undefined ? null : index.get(node.compensate)!,
      compensates: compensated.get(at) ?? null,
    };
    return compileNode(node, typeOf(node, types), wiring, types, inherited);
  });
  const steps = nodes.filter((node) => node.compensates === null);
  const entries = steps.filter((node) => node.incoming === 0).map((node) => node.index);
  return { nodes, index, entries, steps: steps.length };
}

function typeOf(node: NodeDefinition, types: NodeTypes): NodeType {
  const type = types.get(node.type);
  if (type === undefined)
    throw new MyelinError('internal', `Node ${node.id} has the type ${node.type}, which is unknown.`);
  return type;
}

interface Wiring {
  readonly index: number;
  readonly out: readonly Edge[];
  readonly incoming: number;
  /** An edge leaves by `error`. */
  readonly branches: boolean;
  readonly compensation: number | null;
  readonly compensates: number | null;
}

function compileNode(
  node: NodeDefinition,
  type: NodeType,
  wiring: Wiring,
  types: NodeTypes,
  inherited: Inherited,
): PlanNode {
  const config = type.config.parse(node.config ?? {}) as Record<string, unknown>;
  const { raw, templates } = split(config, type);
  const ports = type.ports(config);
  const effect = type.effect(config);
  const { retry = inherited.retry, timeout = inherited.timeout } = node;
  const within = directorOf(type) === undefined ? inherited : { retry, timeout };
  return {
    id: node.id,
    index: wiring.index,
    type,
    effect,
    config: compileTemplate(templates),
    raw,
    condition: conditionOf(config, type),
    bodies: bodiesOf(config, type, types, within),
    out: wiring.out,
    incoming: wiring.incoming,
    ports,
    mainPort: ports.includes('out') ? 'out' : (ports[0] ?? 'out'),
    join: node.join ?? joinOf(node, config),
    retry: retryPolicy(node.retry ?? (effect === 'irreversible' ? undefined : retry), defaultRetry(effect)),
    timeoutMs: timeout === undefined ? null : parseDuration(timeout),
    deadlineMs: node.deadline === undefined ? null : parseDuration(node.deadline),
    onError: node.onError ?? (wiring.branches ? 'branch' : 'fail'),
    compensation: wiring.compensation,
    compensates: wiring.compensates,
  };
}

function split(config: Readonly<Record<string, unknown>>, type: NodeType) {
  const raw: Record<string, unknown> = {};
  const templates: Record<string, unknown> = {};
  const rawFields = new Set([...rawFieldsOf(type), ...(isContainer(type) && type.condition ? [type.condition] : [])]);
  for (const [key, value] of Object.entries(config)) (rawFields.has(key) ? raw : templates)[key] = value;
  return { raw, templates };
}

/** A `join` node says it in its config. */
function joinOf(node: NodeDefinition, config: Readonly<Record<string, unknown>>): Join {
  return node.type === 'join' ? ((config.mode as Join | undefined) ?? 'all') : 'all';
}

function conditionOf(config: Readonly<Record<string, unknown>>, type: NodeType): Expression | null {
  if (!isContainer(type) || type.condition === undefined) return null;
  const text = config[type.condition];
  if (typeof text !== 'string') return null;
  return compileExpression(text.trim().replace(/^\{\{/, '').replace(/\}\}$/, ''));
}

function bodiesOf(
  config: Readonly<Record<string, unknown>>,
  type: NodeType,
  types: NodeTypes,
  inherited: Inherited,
): Readonly<Record<string, Graph>> | null {
  if (!isContainer(type)) return null;
  const entries = Object.entries(type.bodies(config));
  return Object.fromEntries(
    entries.map(([key, body]) => [key, compileGraph(body as GraphDefinition, types, inherited)]),
  );
}

/** A list is taken at its word: as many attempts as it has delays, without jitter, unless it is said otherwise. */
function retryPolicy(wanted: RetryDefinition | undefined, base: RetryPolicy): RetryPolicy {
  if (wanted === undefined) return base;
  const { delays = [] } = wanted;
  const isList = delays.length > 0;
  const delayMs = wanted.delay === undefined ? base.delayMs : parseDuration(wanted.delay);
  return {
    attempts: wanted.attempts ?? (isList ? delays.length + 1 : 3),
    backoff: isList ? 'list' : (wanted.backoff ?? base.backoff),
    delayMs,
    delaysMs: delays.map(parseDuration),
    maxMs: wanted.max === undefined ? Math.max(base.maxMs, delayMs) : parseDuration(wanted.max),
    jitter: wanted.jitter ?? !isList,
    retryOn: wanted.retryOn ?? [],
    doNotRetryOn: wanted.doNotRetryOn ?? [],
    openCircuit: wanted.openCircuit ?? base.openCircuit,
  };
}
