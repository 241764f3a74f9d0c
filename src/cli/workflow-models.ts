/** Which models the workflows of a server name, and what keeps them from being asked, as the server itself says. */
import { references } from '../core/definition/references.ts';
import { knownProblem } from '../core/known-problem.ts';
import type { Client } from '../sdk/index.ts';

/** Workflows that are read at most, so that a look at many does not take for ever. */
const MOST = 500;
const PAGE = 100;
const AT_ONCE = 8;

interface ModelProblem {
  readonly model: string;
  readonly problem: string;
  /** Names of the workflows. */
  readonly in: readonly string[];
}

/** But for those that the settings name, which are looked at without a server. */
export async function workflowModelProblems(
  client: Pick<Client, 'workflows' | 'models'>,
  named: ReadonlySet<string>,
): Promise<ModelProblem[]> {
  const listed = await client.models.list();
  const byModel = new Map<string, { problem: string; in: Set<string> }>();
  for (const { workflow, model } of await namedModels(client)) {
    const problem = named.has(model) ? null : knownProblem(listed, model);
    if (problem === null) continue;
    const known = byModel.get(model) ?? { problem, in: new Set<string>() };
    byModel.set(model, known);
    known.in.add(workflow);
  }
  return [...byModel].map(([model, { problem, in: workflows }]) => ({ model, problem, in: [...workflows] }));
}

async function namedModels({
  workflows,
}: Pick<Client, 'workflows'>): Promise<{ readonly workflow: string; readonly model: string }[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ids.length < MOST; ) {
    const page = await workflows.list({ limit: PAGE, cursor });
    ids.push(...page.items.map(({ id }) => id));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  const found: { readonly workflow: string; readonly model: string }[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => workflows.get(id)));
    for (const { name: workflow, definition } of some) {
      for (const { kind, name: model } of references(definition)) if (kind === 'model') found.push({ workflow, model });
    }
  }
  return found;
}
