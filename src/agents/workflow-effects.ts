/** What the workflows that an agent may call do to the world. */
import { type Effect, strongestOf } from '../core/effect.ts';
import type { NodeTypes, TaskContext } from '../core/node-type.ts';
import { reachOf } from '../core/workflow-effect.ts';
import type { WorkflowStore } from '../ports/workflows.ts';

interface Known {
  readonly workflows: Pick<WorkflowStore, 'get'>;
  /** All there are. */
  readonly types: () => NodeTypes;
}

/** Workflows that one may lead to; beyond, it counts as irreversible. */
const MOST_WORKFLOWS = 100;

/** By name, as the workflows are now. */
export async function effectsOf(
  needs: Known,
  { workflows }: { readonly workflows?: unknown },
  { projectId }: TaskContext,
): Promise<Record<string, Effect>> {
  const names = Array.isArray(workflows) ? workflows : [];
  const found = names.map(async (name) => [name, await effectOf(needs, projectId, name)] as const);
  return Object.fromEntries(await Promise.all(found));
}

/** The strongest of its nodes and of the workflows that it calls; of one that is not there, nobody knows. */
async function effectOf({ workflows, types }: Known, projectId: string, name: string): Promise<Effect> {
  const effects: Effect[] = [];
  const seen = new Set<string>([name]);
  for (const next of seen) {
    const found = await workflows.get(projectId, next);
    if (found === undefined || seen.size > MOST_WORKFLOWS) return 'irreversible';
    const { effect, calls } = reachOf(found.definition, types());
    effects.push(effect);
    for (const call of calls) seen.add(call);
  }
  return strongestOf(effects);
}
