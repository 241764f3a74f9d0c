/** What the expressions of a node may name: the nodes that have run by then, and the variables of its place. */
import { arrowsOf, type Definition, type GraphDefinition } from '../../../graph/document.ts';
import { containerOf, graphAt, nodeAt, splitPlace } from '../editor/edit/scopes.ts';

export interface Reachable {
  readonly id: string;
  readonly place: string;
  readonly type: string;
}

/** Nodes before this one, the nearest first; then those before the containers around it. */
export function upstreamOf(definition: Definition, place: string): readonly Reachable[] {
  const found = new Map<string, Reachable>();
  for (let at: string | undefined = place; at !== undefined; ) {
    const { scope, id }: { scope: string; id: string } = splitPlace(at);
    const graph = graphAt(definition, scope);
    if (graph === undefined) break;
    for (const before of beforeOf(graph, id, isCompensation(graph, id))) {
      const node = graph.nodes.find((one) => one.id === before);
      // The innermost node of an id answers.
      if (node === undefined || found.has(before)) continue;
      found.set(before, { id: before, place: scope === '' ? before : `${scope}/${before}`, type: node.type });
    }
    at = containerOf(scope)?.place;
  }
  return [...found.values()];
}

/** Ids that are joined to this one by edges that lead to it, the nearest first. */
export function beforeOf(graph: GraphDefinition, id: string, all = false): readonly string[] {
  // What undoes a node runs at the end: it may read whatever has run by then.
  if (all) return graph.nodes.map((node) => node.id).filter((one) => one !== id);
  const arrows = arrowsOf(graph);
  const found = new Set<string>();
  let line = [id];
  while (line.length > 0) {
    const next = arrows.filter(({ to, from }) => line.includes(to) && from !== id && !found.has(from));
    line = [...new Set(next.map(({ from }) => from))];
    for (const one of line) found.add(one);
  }
  return [...found];
}

const isCompensation = ({ nodes }: GraphDefinition, id: string): boolean =>
  nodes.some(({ compensate }) => compensate === id);

/** Ids in the same graph that may undo this node: those without edges, but itself. */
export function compensationsFor(definition: Definition, place: string): readonly string[] {
  const { scope, id } = splitPlace(place);
  const graph = graphAt(definition, scope);
  if (graph === undefined) return [];
  const joined = new Set(arrowsOf(graph).flatMap(({ from, to }) => [from, to]));
  const taken = new Set(graph.nodes.flatMap((node) => (node.id !== id && node.compensate ? [node.compensate] : [])));
  return graph.nodes.map((node) => node.id).filter((one) => one !== id && !joined.has(one) && !taken.has(one));
}

/** Containers that go round, so that there is an item, an index and results inside of them. */
const ROUNDS: ReadonlySet<string> = new Set(['map', 'loop']);

/** The nearest container around that goes round. */
export function loopAround(definition: Definition, place: string): string | undefined {
  for (let at = containerOf(splitPlace(place).scope); at !== undefined; at = containerOf(splitPlace(at.place).scope)) {
    const type = nodeAt(definition, at.place)?.type;
    if (type !== undefined && ROUNDS.has(type)) return at.place;
  }
  return undefined;
}

const SECRET = /\$secrets(?:\.(\w+)|\[\s*\\?(['"])(.+?)\\?\2\s*\])/g;

/** Names of secrets that the document speaks of anywhere; their values are never here. */
export function secretNames(document: unknown): readonly string[] {
  const text = JSON.stringify(document);
  return [...new Set([...text.matchAll(SECRET)].map(([, plain, , quoted]) => plain ?? quoted ?? ''))].sort();
}
