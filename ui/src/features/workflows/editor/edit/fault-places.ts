/** Faults of a document, as the server names them, by the node or trigger they are of. */
import { bodiesOf, type Definition, type GraphDefinition, placeIn, scopeOf } from '../../../../graph/document.ts';

export interface Fault {
  readonly path: string;
  readonly message: string;
}

export interface PlacedFault extends Fault {
  /** Of a node, or `trigger:ID`; undefined: of the document as a whole. */
  readonly place: string | undefined;
}

/** Paths become relative to the node: `nodes[2].config.url` is `config.url` of the third node. */
export function placeFaults(definition: Definition, faults: readonly Fault[]): PlacedFault[] {
  return faults.map(({ path, message }) => {
    const trigger = /^triggers\[(\d+)\]\.?/.exec(path);
    const id = trigger && definition.triggers?.[Number(trigger[1])]?.id;
    if (trigger && id !== undefined) return { place: `trigger:${id}`, path: path.slice(trigger[0].length), message };
    const found = walk(definition, '', path);
    return { place: found.place, path: found.rest, message };
  });
}

function walk(graph: GraphDefinition, scope: string, path: string): { place: string | undefined; rest: string } {
  const match = /^nodes\[(\d+)\]\.?/.exec(path);
  const node = match ? graph.nodes[Number(match[1])] : undefined;
  if (match === null || node === undefined) return { place: edgePlace(graph, scope, path), rest: path };
  const place = placeIn(scope, node.id);
  const rest = path.slice(match[0].length);
  for (const body of bodiesOf(node)) {
    const prefix = body.name === null ? 'config.body.' : `config.branches.${body.name}.`;
    if (!rest.startsWith(prefix)) continue;
    const inside = walk(body.graph, scopeOf(place, body), rest.slice(prefix.length));
    if (inside.place !== undefined) return inside;
  }
  return { place, rest };
}

/** A fault of an edge is shown where the edge begins. */
function edgePlace(graph: GraphDefinition, scope: string, path: string): string | undefined {
  const match = /^edges\[(\d+)\]/.exec(path);
  const from = match && graph.edges?.[Number(match[1])]?.match(/^\s*([\w-]+)/)?.[1];
  return from && graph.nodes.some(({ id }) => id === from) ? placeIn(scope, from) : undefined;
}
