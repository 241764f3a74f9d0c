/** What a drawing needs to know of a document: the graphs in it, where its nodes are, by which ports they leave. */
import { parseEdge } from '../../../src/core/definition/edge.ts';
import { type Body, bodiesOf, nodesOf, placeIn, scopeOf } from '../../../src/core/definition/places.ts';
import type {
  Definition,
  GraphDefinition,
  NodeDefinition,
  TriggerDefinition,
} from '../../../src/core/definition/schema.ts';

export type { Definition, GraphDefinition, NodeDefinition, TriggerDefinition };
export { bodiesOf, nodesOf, placeIn, scopeOf };

const TRIGGER = 'trigger:';

/** Of the card of a trigger. */
export const triggerPlace = (id: string): string => `${TRIGGER}${id}`;

/** Undefined for a place that is of no trigger. */
export const triggerIdOf = (place: string): string | undefined =>
  place.startsWith(TRIGGER) ? place.slice(TRIGGER.length) : undefined;

/** The place of what is around: `a/b` is in `a`, `a.left/b` in `a.left`, and that in `a`. */
export function aroundOf(place: string): string {
  const slash = place.lastIndexOf('/');
  const dot = place.lastIndexOf('.');
  return place.slice(0, Math.max(0, slash, dot));
}

/**
 * The place of an address in an execution, such as `each[3]/fetch`; branches are numbered there. Undefined where the
 * document has no such node, as with the calls of an agent, which it chooses itself.
 */
export function placeOfAddress(definition: GraphDefinition, address: string): string | undefined {
  let graph: GraphDefinition | undefined = definition;
  let scope = '';
  for (const step of address.split('/')) {
    const [, id = '', key] = /^([^[\]]+)(?:\[([^\]]+)\])?$/.exec(step) ?? [];
    const node: NodeDefinition | undefined = graph?.nodes.find((one) => one.id === id);
    if (node === undefined) return undefined;
    const place: string = placeIn(scope, id);
    if (key === undefined) return place;
    const bodies = bodiesOf(node);
    const body: Body | undefined =
      bodies.find(({ name }) => name === key) ?? bodies[bodies[0]?.name === null ? 0 : Number(key)];
    if (body === undefined) return undefined;
    graph = body.graph;
    scope = scopeOf(place, body);
  }
  return undefined;
}

export interface Arrow {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}

/** Edges that are none are left out: the server's check names them. */
export function arrowsOf({ edges = [] }: GraphDefinition, mainPort: (id: string) => string = () => 'out'): Arrow[] {
  return edges.flatMap((text) => {
    const edge = parseEdge(text);
    return edge === null ? [] : [{ from: edge.from, port: edge.port ?? mainPort(edge.from), to: edge.to }];
  });
}

/** Nodes that only undo others, each with the one that it undoes. A reference that is none is left out, and named by the check. */
export function undoneBy({ nodes }: GraphDefinition): ReadonlyMap<string, string> {
  const ids = new Set(nodes.map(({ id }) => id));
  const undone = new Map<string, string>();
  for (const { id, compensate } of nodes) {
    if (compensate === undefined || compensate === id || !ids.has(compensate) || undone.has(compensate)) continue;
    // What undoes is not undone itself.
    if (!undone.has(id)) undone.set(compensate, id);
  }
  return undone;
}

/** Nodes that begin with `$trigger`. Those that only undo others do not begin at all. */
export function firstsOf(graph: GraphDefinition): string[] {
  const later = new Set([...arrowsOf(graph).map(({ to }) => to), ...undoneBy(graph).keys()]);
  return graph.nodes.flatMap(({ id }) => (later.has(id) ? [] : [id]));
}

/** The ports of types that have others than `out`; those of `switch` and `classify` are named by their config. */
const PORTS: Readonly<Record<string, readonly string[]>> = {
  if: ['true', 'false'],
  approval: ['approved', 'rejected', 'expired'],
  wait: ['out', 'expired'],
  http: ['out', 'error'],
  tool: ['out', 'error'],
  saga: ['out', 'error'],
  fail: [],
};

/** By which a node can leave. */
export function portsOf({ type, config = {}, onError }: NodeDefinition): readonly string[] {
  const error = onError === 'branch' ? ['error'] : [];
  if (type === 'switch') return unique([...namesIn(config.cases, 'port'), 'default', ...error]);
  if (type === 'classify') return unique([...namesIn(config.intents, 'name'), 'other', ...error]);
  return unique([...(PORTS[type] ?? ['out']), ...error]);
}

/** By which an edge leaves that names none. */
export function mainPortOf(node: NodeDefinition): string {
  const ports = portsOf(node);
  return ports.includes('out') ? 'out' : (ports[0] ?? 'out');
}

const unique = (ports: readonly string[]): readonly string[] => [...new Set(ports)];

function namesIn(list: unknown, key: string): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const name = (item as Readonly<Record<string, unknown>> | null)?.[key];
    return typeof name === 'string' && name !== '' ? [name] : [];
  });
}
