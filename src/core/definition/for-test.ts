/** The document that a test of a draft runs on. */
import { flowSettings } from '../flow/settings.ts';
import { parseEdge } from './edge.ts';
import { bodiesOf, scopeOf, withBody } from './places.ts';
import type { Definition, GraphDefinition } from './schema.ts';

/**
 * Of a valid document, and valid itself. A test stands for itself: it waits for no turn, and no error workflow hears of
 * it. With `until`, the place of a node, only that node and what it needs is left: all before it, and what undoes these;
 * of a node in a container that is what is before it there, and what the container needs. Where a port `error` led
 * elsewhere it leads nowhere now, so that a failure on the way ends the test.
 */
export function forTest(definition: Definition, until?: string): Definition {
  const alone = withoutOthers(definition);
  return until === undefined ? alone : prune(alone, until);
}

function withoutOthers({ settings, ...rest }: Definition): Definition {
  if (settings === undefined) return rest;
  const others = new Set(['errorWorkflow', ...Object.keys(flowSettings)]);
  const own = Object.fromEntries(Object.entries(settings).filter(([key]) => !others.has(key)));
  return { ...rest, settings: own };
}

function prune<G extends GraphDefinition>(graph: G, until: string): G {
  const [first = '', ...inside] = until.split('/');
  const [target = ''] = first.split('.');
  const edges = (graph.edges ?? []).map((text) => ({ text, ...parseEdge(text)! }));
  const kept = new Set([target]);
  for (const id of kept) for (const { from, to } of edges) if (to === id) kept.add(from);
  for (const { id, compensate } of graph.nodes) if (kept.has(id) && compensate !== undefined) kept.add(compensate);
  const nodes = graph.nodes.filter(({ id }) => kept.has(id));
  return {
    ...graph,
    nodes: inside.length === 0 ? nodes : nodes.map((node) => (node.id === target ? pruneBody(node) : node)),
    edges: edges.filter(({ from, to }) => kept.has(from) && kept.has(to)).map(({ text }) => text),
  };

  /** The other branches stay as they are: what the container gives is made of all. */
  function pruneBody(node: G['nodes'][number]): G['nodes'][number] {
    const body = bodiesOf(node).find((one) => scopeOf(target, one) === first);
    return body === undefined ? node : withBody(node, { ...body, graph: prune(body.graph, inside.join('/')) });
  }
}
