import type { Graph, Plan, PlanNode } from './plan.ts';

const STEP = /^([^[\]]+)(?:\[(\d+)\])?$/;

/** The node at an address such as `each[3]/fetch`; undefined where the plan has none. The last step has no number. */
export function nodeAt(plan: Plan, path: string): PlanNode | undefined {
  let graph: Graph | undefined = plan.root;
  const steps = path.split('/');
  for (const [depth, step] of steps.entries()) {
    const [, id = '', number] = STEP.exec(step) ?? [];
    const node: PlanNode | undefined = graph?.nodes[graph.index.get(id) ?? -1];
    if (node === undefined || depth === steps.length - 1) return number === undefined ? node : undefined;
    const bodies: Graph[] = Object.values(node.bodies ?? {});
    // Of several bodies, iteration n runs the nth.
    graph = bodies.length === 1 ? bodies[0] : bodies[Number(number ?? -1)];
  }
  return undefined;
}
