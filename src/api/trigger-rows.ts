/** Triggers of a definition in the form in which the store and the API speak of them. */
import type { TriggerAnswer } from '../contract/triggers.ts';
import type { Definition, TriggerDefinition } from '../core/definition/schema.ts';
import type { Runtime } from '../ports/runtime.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import type { NewTrigger, TriggerRow } from '../ports/workflows.ts';

/** Of a valid definition, to be saved with it. */
export function triggersOf(definition: Definition, runtime: Pick<Runtime, 'id'>): NewTrigger[] {
  return (definition.triggers ?? []).map((trigger) => {
    const { id: name, type, ...config } = trigger;
    const base = { id: runtime.id(), name, type, config };
    return type === 'webhook' ? { ...base, webhook: placeOf(trigger) } : base;
  });
}

function placeOf({ path, method }: TriggerDefinition): { path: string; method: string } {
  return { path: String(path), method: typeof method === 'string' ? method : 'POST' };
}

export function triggerAnswer(row: TriggerRow): TriggerAnswer {
  const { id, projectId, workflowId, workflowName, name, type, config, active } = row;
  const url = type === 'webhook' ? webhookUrl(projectId, String(config.path)) : null;
  return { id, workflowId, workflowName, name, type, config, active, url };
}

/** Path on this server; the project stands in it where it is not the first one. */
export function webhookUrl(projectId: string, path: string): string {
  return projectId === DEFAULT_PROJECT ? `/webhooks/${path}` : `/webhooks/~${projectId}/${path}`;
}
