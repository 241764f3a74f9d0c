/** The faults of `compensate`: what it names, and that the node named stands aside and undoes one node only. */
import { suggest } from '../suggest.ts';
import { parseEdge } from './edge.ts';
import type { GraphDefinition } from './schema.ts';

type AddFault = (path: string, message: string) => void;

/** Ids of the nodes that undo others. */
export function compensationsOf(graph: GraphDefinition): ReadonlySet<string> {
  return new Set(graph.nodes.flatMap(({ compensate }) => (compensate === undefined ? [] : [compensate])));
}

export function checkCompensations(graph: GraphDefinition, fault: AddFault): void {
  const undoneBy = new Map(graph.nodes.map(({ id, compensate }) => [id, compensate]));
  const connected = new Set((graph.edges ?? []).flatMap((text) => endsOf(text)));
  const taken = new Map<string, string>();
  for (const [index, { id, compensate }] of graph.nodes.entries()) {
    if (compensate === undefined) continue;
    const found = faultOf(id, compensate, undoneBy, connected, taken);
    if (found !== null) fault(`nodes[${index}].compensate`, found);
    taken.set(compensate, id);
  }
}

function faultOf(
  id: string,
  compensate: string,
  undoneBy: ReadonlyMap<string, string | undefined>,
  connected: ReadonlySet<string>,
  taken: ReadonlyMap<string, string>,
): string | null {
  if (!undoneBy.has(compensate)) return `unknown node ${compensate}${suggest(compensate, undoneBy.keys())}`;
  if (compensate === id) return `${id} cannot undo itself; name another node`;
  const story = chainFrom(id, undoneBy);
  if (story.at(-1) === id) return `cycle of compensations: ${story.join(' -> ')}; what undoes is not undone itself`;
  if (undoneBy.get(compensate) !== undefined) return `${compensate} undoes ${id}; what undoes is not undone itself`;
  if (connected.has(compensate)) return `${compensate} undoes ${id}, so it stands without edges; remove its edges`;
  const other = taken.get(compensate);
  return other === undefined ? null : `${compensate} undoes ${other} already; give each node a compensation of its own`;
}

/** From a node to what undoes it, and so on, until an end or until one comes again. */
function chainFrom(id: string, undoneBy: ReadonlyMap<string, string | undefined>): string[] {
  const story = [id];
  for (let at = undoneBy.get(id); at !== undefined; at = undoneBy.get(at)) {
    const again = story.includes(at);
    story.push(at);
    if (again) break;
  }
  return story;
}

function endsOf(text: string): string[] {
  const edge = parseEdge(text);
  return edge === null ? [] : [edge.from, edge.to];
}
