/** What a workflow may do to the world when it is called, as far as its document tells. */
import type { GraphDefinition, NodeDefinition } from './definition/schema.ts';
import { type Effect, strongestOf } from './effect.ts';
import { isContainer, isStep, type NodeTypes } from './node-type.ts';

export interface Reach {
  /** The strongest of its own nodes. */
  readonly effect: Effect;
  /** Names and ids of the workflows that it calls. */
  readonly calls: readonly string[];
}

export function reachOf(graph: GraphDefinition, types: NodeTypes): Reach {
  const reaches = graph.nodes.map((node) => nodeReach(node, types));
  return { effect: strongestOf(reaches.map(({ effect }) => effect)), calls: reaches.flatMap(({ calls }) => calls) };
}

/** What nobody knows: only the call itself will tell. */
const UNKNOWN: Reach = { effect: 'irreversible', calls: [] };

function nodeReach(node: NodeDefinition, types: NodeTypes): Reach {
  const type = types.get(node.type);
  const parsed = type?.config.safeParse(node.config ?? {});
  if (type === undefined || parsed?.success !== true) return UNKNOWN;
  if (isContainer(type)) {
    const bodies = Object.values(type.bodies(parsed.data)) as readonly GraphDefinition[];
    const inside = bodies.map((body) => reachOf(body, types));
    return { effect: strongestOf(inside.map(({ effect }) => effect)), calls: inside.flatMap(({ calls }) => calls) };
  }
  if (type.type === 'workflow') return callOf(parsed.data as object);
  // A step is part of a commit: what it does is done once, and a `respond` answers whoever waits, if anybody does.
  return { effect: isStep(type) ? 'pure' : type.effect(parsed.data), calls: [] };
}

/** A name that an expression makes is known only when it is called. */
function callOf({ workflow: name }: { readonly workflow?: unknown }): Reach {
  return typeof name === 'string' && !name.includes('{{') ? { effect: 'pure', calls: [name] } : UNKNOWN;
}
