/** Workflows of a seed: random acyclic graphs of pieces. A workflow calls only those before it, so calls end. */

import type { Definition, GraphDefinition, NodeDefinition } from '../../core/definition/schema.ts';
import { type Catalog, validate } from '../../core/definition/validate.ts';
import type { Chance } from './chance.ts';
import { type Made, type Maker, makeCompensation, makePiece } from './pieces.ts';

export function drawWorkflows(chance: Chance, catalog: Catalog): Definition[] {
  const made: Definition[] = [];
  for (let count = chance.int(1, 3); count > 0; count--) {
    const callable = made.map(({ name }) => name);
    const settings = drawSettings(chance);
    const graph = drawGraph(chance, 0, callable);
    made.push(validate({ name: `flow-${made.length + 1}`, settings, ...graph }, catalog));
  }
  return made;
}

function drawSettings(chance: Chance): NonNullable<Definition['settings']> {
  return {
    priority: chance.pick(['low', 'default', 'high'] as const),
    ...(chance.happens(0.25) ? { timeout: chance.pick(['2s', '40s', '1h']) } : {}),
  };
}

interface Leaf {
  readonly id: string;
  readonly ports: Made['ports'];
}

/** Most nodes have one to three edges from nodes before them, by any of their ports; some are a beginning. */
function drawGraph(chance: Chance, depth: number, callable: readonly string[]): GraphDefinition {
  const maker = { chance, depth, callable, body: () => drawGraph(chance, depth + 1, callable) };
  const nodes: NodeDefinition[] = [];
  const compensations: NodeDefinition[] = [];
  const undoable = chance.happens(0.4);
  const edges = new Set<string>();
  const leaves: Leaf[] = [];
  // A node that nothing leads to needs something that it leads to.
  let loose: Leaf | undefined;
  for (let left = chance.int(1, depth === 0 ? 6 : 3); left > 0; left--) {
    const id = `n${nodes.length + 1}`;
    const begins = leaves.length === 0 || (left > 1 && loose === undefined && chance.happens(0.1));
    const { node, ports } = begins ? makeBeginning(maker) : makePiece(maker);
    const sources = begins ? [] : Array.from({ length: chance.int(1, 3) }, () => chance.pick(leaves));
    if (loose !== undefined) sources.push(loose);
    for (const from of sources) edges.add(`${from.id}:${chance.pick(from.ports)} -> ${id}`);
    const joins = sources.length > 1 && node.type !== 'join' && chance.happens(0.4);
    const compensate = undoable && chance.happens(0.6) ? `undo-${id}` : undefined;
    nodes.push({
      id,
      ...node,
      ...(joins ? { join: chance.pick(['any', 1, 2] as const) } : {}),
      ...(compensate === undefined ? {} : { compensate }),
    });
    if (compensate !== undefined) compensations.push({ id: compensate, ...makeCompensation(maker) });
    loose = begins ? { id, ports } : undefined;
    if (ports.length > 0) leaves.push({ id, ports });
  }
  return { nodes: [...nodes, ...compensations], edges: [...edges] };
}

/** One that edges may leave. */
function makeBeginning(maker: Maker): Made {
  const made = makePiece(maker);
  return made.ports.length > 0 ? made : makeBeginning(maker);
}
