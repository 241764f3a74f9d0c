/** Ids that are free, and new names for nodes wherever a document speaks of them. */
import { parseEdge } from '../../../../../../src/core/definition/edge.ts';
import { ID } from '../../../../../../src/core/definition/names.ts';
import type { Definition, GraphDefinition, NodeDefinition } from '../../../../graph/document.ts';
import { graphAt, splitPlace, withGraph } from './scopes.ts';

/** `fetch`, `fetch_2`, `fetch_3`: the first that nobody has. */
export function freeId(wanted: string, taken: Iterable<string>): string {
  const ids = new Set(taken);
  const base = wanted.replace(/_\d+$/, '').slice(0, 56) || 'node';
  if (!ids.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!ids.has(`${base}_${number}`)) return `${base}_${number}`;
}

/** Why a node cannot have this id; undefined: it can. */
export function idFault(definition: Definition, place: string, id: string): string | undefined {
  const { scope, id: present } = splitPlace(place);
  if (id === present) return undefined;
  if (!ID.test(id)) return 'Letters, digits, _ and -; it begins with a letter.';
  return graphAt(definition, scope)?.nodes.some((node) => node.id === id)
    ? 'Another node here has this name.'
    : undefined;
}

/** With its edges, the nodes that it undoes, and `$node.ID` in expressions. The same document where it cannot be. */
export function rename(definition: Definition, place: string, id: string): Definition {
  if (idFault(definition, place, id) !== undefined) return definition;
  const { scope, id: old } = splitPlace(place);
  return withGraph(definition, scope, (graph) => renameIn(graph, new Map([[old, id]])));
}

/** All names at once, so that two nodes may swap theirs. */
export function renameIn(graph: GraphDefinition, names: ReadonlyMap<string, string>): GraphDefinition {
  const now = (id: string) => names.get(id) ?? id;
  const nodes = graph.nodes.map((node): NodeDefinition => {
    const { compensate, config } = node;
    return {
      ...node,
      id: now(node.id),
      ...(compensate !== undefined && { compensate: now(compensate) }),
      ...(config !== undefined && { config: mention(config, names) as NonNullable<NodeDefinition['config']> }),
    };
  });
  return { ...graph, nodes, ...(graph.edges && { edges: graph.edges.map((text) => renameEdge(text, names)) }) };
}

function renameEdge(text: string, names: ReadonlyMap<string, string>): string {
  const edge = parseEdge(text);
  if (edge === null || !(names.has(edge.from) || names.has(edge.to))) return text;
  const from = names.get(edge.from) ?? edge.from;
  const to = names.get(edge.to) ?? edge.to;
  return edge.port === undefined ? `${from} -> ${to}` : `${from}:${edge.port} -> ${to}`;
}

const PLAIN = /^[A-Za-z_$][\w$]*$/;
const MENTION = /\$node(?:\.([A-Za-z_]\w*)|\[(['"])([\w-]+)\2\])/g;

/** In every text of a value. */
function mention(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(MENTION, (whole, bare?: string, _mark?: string, quoted?: string) => {
      const next = names.get(bare ?? quoted ?? '');
      if (next === undefined) return whole;
      return PLAIN.test(next) ? `$node.${next}` : `$node['${next}']`;
    });
  }
  if (Array.isArray(value)) return value.map((item) => mention(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mention(item, names)]));
}
