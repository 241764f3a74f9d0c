/** The faults of the edges of one graph: unknown nodes and ports, cycles, nodes connected to nothing. */
import type { NodeType } from '../node-type.ts';
import { suggest } from '../suggest.ts';
import { compensationsOf } from './check-compensations.ts';
import { parseEdge } from './edge.ts';
import type { GraphDefinition, NodeDefinition } from './schema.ts';

/** What stands before a node. */
export interface Link {
  /** True where this node can be reached from that one. */
  isAfter(id: string): boolean;
}

type AddFault = (path: string, message: string) => void;

export function checkEdges(
  graph: GraphDefinition,
  types: ReadonlyMap<string, NodeType>,
  fault: AddFault,
): ReadonlyMap<string, Link> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const incoming = new Map<string, Set<string>>([...nodes.keys()].map((id) => [id, new Set()]));
  const connected = new Set<string>();
  const seen = new Set<string>();
  for (const [index, text] of (graph.edges ?? []).entries()) {
    const path = `edges[${index}]`;
    const edge = parseEdge(text);
    if (edge === null) {
      fault(path, `"${text}" is no edge; write "a -> b" or "a:port -> b"`);
      continue;
    }
    for (const id of [edge.from, edge.to]) {
      if (!nodes.has(id)) fault(path, `unknown node ${id}${suggest(id, nodes.keys())}`);
    }
    checkPort(nodes.get(edge.from), types.get(edge.from), edge.port, (message) => fault(path, message));
    const key = `${edge.from}:${edge.port ?? ''}>${edge.to}`;
    if (seen.has(key)) fault(path, 'the same edge stands twice; remove one');
    seen.add(key);
    if (!nodes.has(edge.from) || !nodes.has(edge.to)) continue;
    connected.add(edge.from).add(edge.to);
    incoming.get(edge.to)!.add(edge.from);
  }
  checkReach(graph, connected, fault);
  checkCycles(graph, incoming, fault);
  return new Map([...nodes.keys()].map((id) => [id, { isAfter: (other) => isBefore(other, id, incoming) }]));
}

/**
 * Ports of a node as it stands in a definition: those of its type, and `error` where it branches on errors. Undefined
 * where its config does not fit, which is a fault of its own: nobody knows the ports before that is mended.
 */
function portsOf(node: NodeDefinition, type: NodeType): readonly string[] | undefined {
  const config = type.config.safeParse(node.config ?? {});
  if (!config.success) return undefined;
  const ports = type.ports(config.data);
  return ports.includes('error') || ports.length === 0 ? ports : [...ports, 'error'];
}

function checkPort(
  node: NodeDefinition | undefined,
  type: NodeType | undefined,
  port: string | undefined,
  fault: (message: string) => void,
): void {
  if (node === undefined || type === undefined) return;
  const ports = portsOf(node, type);
  if (ports === undefined) return;
  if (ports.length === 0) return void fault(`${node.id} is a ${node.type} node, which has no ports to leave by`);
  if (port === 'error' && node.onError !== undefined && node.onError !== 'branch') {
    return void fault(`${node.id} has onError: ${node.onError}; set onError: branch to leave by its port error`);
  }
  if (port === undefined ? ports.includes('out') : ports.includes(port)) return;
  const named = port === undefined ? 'needs a port on this edge' : `has no port ${port}${suggest(port, ports)}`;
  fault(`${node.id} ${named}; its ports are ${ports.join(', ')}`);
}

function checkReach(graph: GraphDefinition, connected: ReadonlySet<string>, fault: AddFault): void {
  const compensations = compensationsOf(graph);
  if (graph.nodes.length - compensations.size <= 1) return;
  for (const [index, node] of graph.nodes.entries()) {
    if (!connected.has(node.id) && !compensations.has(node.id)) {
      fault(`nodes[${index}]`, `unreachable: no edge leads to or from ${node.id}; add one, or remove the node`);
    }
  }
}

/** Nodes that remain when all that have nothing before them are taken away, again and again (Kahn, 1962). */
function checkCycles(graph: GraphDefinition, incoming: ReadonlyMap<string, Set<string>>, fault: AddFault): void {
  const left = new Map([...incoming].map(([id, from]) => [id, from.size]));
  const outgoing = new Map<string, string[]>();
  for (const [to, froms] of incoming) {
    for (const from of froms) outgoing.set(from, [...(outgoing.get(from) ?? []), to]);
  }
  const free = [...left].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    left.delete(id);
    for (const to of outgoing.get(id) ?? []) {
      const count = left.get(to)! - 1;
      left.set(to, count);
      if (count === 0) free.push(to);
    }
  }
  if (left.size === 0) return;
  const story = oneCycle([...left.keys()][0] as string, incoming, left);
  const index = graph.nodes.findIndex((node) => node.id === story[0]);
  fault(`nodes[${index}]`, `cycle: ${story.join(' -> ')}; use a loop node to repeat steps`);
}

/** Walks backward through what is left until a node comes again. */
function oneCycle(
  start: string,
  incoming: ReadonlyMap<string, Set<string>>,
  left: ReadonlyMap<string, number>,
): string[] {
  const path: string[] = [];
  let at = start;
  while (!path.includes(at)) {
    path.push(at);
    at = [...incoming.get(at)!].find((from) => left.has(from))!;
  }
  return [...path.slice(path.indexOf(at)), at].reverse();
}

/** Searches backward, nearest first: what an expression names mostly stands just before. */
function isBefore(wanted: string, id: string, incoming: ReadonlyMap<string, Set<string>>): boolean {
  const found = new Set<string>([id]);
  for (const at of found) {
    for (const from of incoming.get(at)!) {
      if (from === wanted) return true;
      found.add(from);
    }
  }
  return false;
}
