/** A webhook path belongs to one active workflow of a project: who holds those that a document asks for. */
import type { Definition } from '../core/definition/schema.ts';
import { type Fault, MyelinError } from '../core/errors.ts';
import type { WorkflowStore } from '../ports/workflows.ts';
import { placeOf } from './trigger-rows.ts';

type Webhooks = Pick<WorkflowStore, 'get' | 'webhook'>;

/** Of a valid document: paths that another workflow holds now, each with what to do. */
export async function heldPaths(projectId: string, definition: Definition, store: Webhooks): Promise<Fault[]> {
  const found = (definition.triggers ?? []).map(async (trigger, index): Promise<Fault[]> => {
    if (trigger.type !== 'webhook') return [];
    const { path, method } = placeOf(trigger);
    const held = await store.webhook(projectId, path, method);
    const holder = held && (await store.get(projectId, held.workflowId))?.name;
    if (holder === undefined || holder === definition.name) return [];
    const message = `the workflow ${holder} holds ${method} ${path}; choose another path, or pause ${holder}`;
    return [{ path: `triggers[${index}].path`, message }];
  });
  return (await Promise.all(found)).flat();
}

/** `change` may take paths: where one is taken, the error names the workflow that holds it. */
export async function namingHolders<T>(
  projectId: string,
  definition: Definition,
  store: Webhooks,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof MyelinError) || error.code !== 'webhook_path_taken') throw error;
    const errors = await heldPaths(projectId, definition, store);
    const [first] = errors;
    if (first === undefined) throw error;
    throw new MyelinError('webhook_path_taken', `${first.path}: ${first.message}`, { errors });
  }
}
