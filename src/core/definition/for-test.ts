/** The document that a test of a draft runs on. */
import { flowSettings } from '../flow/settings.ts';
import { parseEdge } from './edge.ts';
import type { Definition } from './schema.ts';

/**
 * Of a valid document, and valid itself. A test stands for itself: it waits for no turn, and no error workflow hears of
 * it. With `until`, only that node and what it needs is left: all before it, and what undoes these. Where a port `error`
 * led elsewhere it leads nowhere now, so that a failure on the way ends the test.
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

function prune(definition: Definition, until: string): Definition {
  const edges = (definition.edges ?? []).map((text) => ({ text, ...parseEdge(text)! }));
  const kept = new Set([until]);
  for (const id of kept) for (const { from, to } of edges) if (to === id) kept.add(from);
  for (const { id, compensate } of definition.nodes) if (kept.has(id) && compensate !== undefined) kept.add(compensate);
  return {
    ...definition,
    nodes: definition.nodes.filter(({ id }) => kept.has(id)),
    edges: edges.filter(({ from, to }) => kept.has(from) && kept.has(to)).map(({ text }) => text),
  };
}
