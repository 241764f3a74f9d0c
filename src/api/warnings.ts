/** What a valid document names and the server does not have: no fault, since it may come later. */
import { type Reference, references } from '../core/definition/references.ts';
import type { Definition } from '../core/definition/schema.ts';
import { unanswered } from '../core/definition/unanswered.ts';
import { type Fault, MyelinError } from '../core/errors.ts';
import { knownProblem } from '../core/known-problem.ts';
import type { ConnectionStore } from '../ports/connections.ts';
import type { Models } from '../ports/model.ts';
import type { WorkflowStore } from '../ports/workflows.ts';
import { heldPaths } from './webhook-holders.ts';

interface Needs {
  readonly workflows: WorkflowStore;
  readonly connections: Pick<ConnectionStore, 'get'>;
  readonly models: Pick<Models, 'card' | 'list'>;
}

/** Names that are looked up at most, so that one document does not ask the database without end. */
const MOST = 100;

export async function warningsOf(
  projectId: string,
  definition: Definition,
  { workflows, connections, models }: Needs,
): Promise<Fault[]> {
  const named = references(definition).filter(({ kind }) => kind !== 'secret');
  const byName = [...Map.groupBy(named, ({ kind, name }) => `${kind} ${name}`).values()].slice(0, MOST);
  const warnings = byName.map(async (all): Promise<Fault[]> => {
    const { kind, name } = all[0] as Reference;
    const message = await troubleOf(kind, name);
    return message === undefined ? [] : all.map(({ path }) => ({ path, message }));
  });
  const held = await heldPaths(projectId, definition, workflows);
  return [...(await Promise.all(warnings)).flat(), ...held, ...unanswered(definition)];

  async function troubleOf(kind: Reference['kind'], name: string): Promise<string | undefined> {
    if (kind === 'model') return modelTrouble(models, name);
    if (kind === 'workflow') return await workflowTrouble(name);
    const isThere = (await connections.get(projectId, name)) !== undefined;
    return isThere ? undefined : `there is no connection ${name}; add it before this one runs`;
  }

  async function workflowTrouble(name: string): Promise<string | undefined> {
    const isThere = name === definition.name || (await workflows.get(projectId, name)) !== undefined;
    return isThere ? undefined : `there is no workflow ${name}; deploy it before this one runs`;
  }
}

/** Nobody knows it, or its key is missing in this process. */
function modelTrouble(models: Pick<Models, 'card' | 'list'>, name: string): string | undefined {
  try {
    models.card(name);
    const problem = knownProblem(models.list(), name);
    return problem === null ? undefined : `${name} cannot be asked: ${problem}`;
  } catch (error) {
    if (error instanceof MyelinError && error.code === 'model_not_found') return error.message;
    throw error;
  }
}
