/** Two documents as one drawing: what is gone stands beside what is there. */
import {
  bodiesOf,
  type Definition,
  type GraphDefinition,
  type NodeDefinition,
  triggerPlace,
} from '../../../graph/document.ts';
import type { Mark, Marks } from '../../../graph/marks.ts';
import type { Change } from './definition-diff.ts';

export function unionOf(before: Definition, after: Definition): Definition {
  const gone = (before.triggers ?? []).filter(({ id }) => !after.triggers?.some((one) => one.id === id));
  return { ...after, triggers: [...(after.triggers ?? []), ...gone], ...graphs(before, after) };
}

function graphs(before: GraphDefinition, after: GraphDefinition): GraphDefinition {
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const here = new Set(after.nodes.map(({ id }) => id));
  const nodes = after.nodes.map((node) => withBodies(old.get(node.id), node));
  const gone = before.nodes.filter(({ id }) => !here.has(id));
  return { nodes: [...nodes, ...gone], edges: [...new Set([...(after.edges ?? []), ...(before.edges ?? [])])] };
}

function withBodies(before: NodeDefinition | undefined, after: NodeDefinition): NodeDefinition {
  const bodies = bodiesOf(after);
  if (before === undefined || bodies.length === 0) return after;
  const old = new Map(bodiesOf(before).map(({ name, graph }) => [name, graph]));
  const merged = bodies.map(({ name, graph }) => [name, graphs(old.get(name) ?? { nodes: [] }, graph)] as const);
  const gone = [...old].filter(([name]) => !bodies.some((body) => body.name === name));
  const config =
    bodies[0]?.name === null
      ? { body: merged[0]?.[1] }
      : { branches: Object.fromEntries([...merged, ...gone].map(([name, graph]) => [name ?? '', graph])) };
  return { ...after, config: { ...after.config, ...config } };
}

const MARKS: Readonly<Record<Change['kind'], Mark>> = {
  added: { tone: 'ok', note: 'added' },
  removed: { tone: 'bad', note: 'removed', isFaint: true },
  changed: { tone: 'warn', note: 'changed' },
  moved: {},
};

export function marksOf(changes: readonly Change[]): Marks {
  return new Map(
    changes.flatMap(({ what, kind, name, fields }): [string, Mark][] => {
      if (what !== 'node' && what !== 'trigger') return [];
      const hint = fields.map(({ path }) => path).join(', ');
      return [[what === 'node' ? name : triggerPlace(name), { ...MARKS[kind], ...(hint !== '' && { hint }) }]];
    }),
  );
}
