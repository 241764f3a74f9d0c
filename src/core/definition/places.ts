/**
 * The graphs in a document and the places of its nodes: `fetch`, `each/fetch` in the body of `each`, `both.left/fetch`
 * in its branch `left`. Other than an address a place has no numbers: it stands for all iterations.
 */
import { isObject } from '../json.ts';
import type { GraphDefinition, NodeDefinition } from './schema.ts';

/** A graph inside a container: `name` of a branch, null for the only body. */
export interface Body {
  readonly name: string | null;
  readonly graph: GraphDefinition;
}

const isGraph = (value: unknown): value is GraphDefinition => isObject(value) && Array.isArray(value.nodes);

/** Empty for what is no container. */
export function bodiesOf({ config = {} }: NodeDefinition): readonly Body[] {
  if (isGraph(config.body)) return [{ name: null, graph: config.body }];
  const { branches } = config;
  if (!isObject(branches)) return [];
  return Object.entries(branches).flatMap(([name, graph]) => (isGraph(graph) ? [{ name, graph }] : []));
}

export function withBody(node: NodeDefinition, { name, graph }: Body): NodeDefinition {
  const config = node.config ?? {};
  if (name === null) return { ...node, config: { ...config, body: graph } };
  return { ...node, config: { ...config, branches: { ...(config.branches as object), [name]: graph } } };
}

/** `scope`: place of the container and branch around; '' for the document itself. */
export const placeIn = (scope: string, id: string): string => (scope === '' ? id : `${scope}/${id}`);

export const scopeOf = (container: string, { name }: Body): string =>
  name === null ? container : `${container}.${name}`;

export interface Placed {
  readonly place: string;
  readonly scope: string;
  readonly node: NodeDefinition;
}

/** All nodes of a document, those of containers after their container. */
export function nodesOf(graph: GraphDefinition, scope = ''): Placed[] {
  return graph.nodes.flatMap((node) => {
    const place = placeIn(scope, node.id);
    const inside = bodiesOf(node).flatMap((body) => nodesOf(body.graph, scopeOf(place, body)));
    return [{ place, scope, node }, ...inside];
  });
}
