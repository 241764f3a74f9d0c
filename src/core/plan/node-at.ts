import type { Graph, Plan, PlanNode } from './plan.ts';

const STEP = /^([^[\]]+)(?:\[([^\]]+)\])?$/;

/** The node at an address such as `each[3]/fetch`; undefined where the plan has none. The last step has no number. */
export function nodeAt(plan: Plan, path: string): PlanNode | undefined {
  const steps = path.split('/').map((step) => STEP.exec(step) ?? []);
  const [, last = '', number] = steps.pop()!;
  let graph: Graph | undefined = plan.root;
  for (const [depth, [, id = '', key]] of steps.entries()) {
    const node = find(graph, id);
    if (node === undefined || key === undefined) return undefined;
    graph = bodyOf(node, key, steps[depth + 1]?.[1] ?? last);
  }
  return number === undefined ? find(graph, last) : undefined;
}

const find = (graph: Graph | undefined, id: string): PlanNode | undefined => graph?.nodes[graph.index.get(id) ?? -1];

/** A branch is named, or has its place as its number; of what chooses a body anew each time, one that has the next node. */
function bodyOf({ bodies }: PlanNode, key: string, nextId: string): Graph | undefined {
  const named = Object.entries(bodies ?? {});
  const fits = named.filter(([, graph]) => graph.index.has(nextId));
  const chosen = fits.find(([name]) => name === key) ?? fits.find((one) => one === named[Number(key)]) ?? fits[0];
  return chosen?.[1];
}
