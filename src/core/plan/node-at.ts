import type { Graph, Plan, PlanNode } from './plan.ts';

const STEP = /^([^[\]]+)(?:\[([^\]]+)\])?$/;

/** The node at an address such as `each[3]/fetch`; undefined where the plan has none. The last step has no number. */
export function nodeAt(plan: Plan, path: string): PlanNode | undefined {
  let graph: Graph | undefined = plan.root;
  const steps = path.split('/');
  for (const [depth, step] of steps.entries()) {
    const [, id = '', key] = STEP.exec(step) ?? [];
    const node: PlanNode | undefined = graph?.nodes[graph.index.get(id) ?? -1];
    if (node === undefined || depth === steps.length - 1) return key === undefined ? node : undefined;
    graph = key === undefined ? undefined : bodyOf(node, key, STEP.exec(steps[depth + 1]!)?.[1] ?? '');
  }
  return undefined;
}

/** A branch is named, or has its place as its number; of what chooses a body anew each time, one that has the next node. */
function bodyOf({ bodies }: PlanNode, key: string, nextId: string): Graph | undefined {
  const named = Object.entries(bodies ?? {});
  const fits = named.filter(([, graph]) => graph.index.has(nextId));
  const chosen = fits.find(([name]) => name === key) ?? fits.find((one) => one === named[Number(key)]) ?? fits[0];
  return chosen?.[1];
}
