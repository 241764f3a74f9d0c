/** Triggers of a definition in the form in which the store and the API speak of them. */
import type { TriggerAnswer, TriggerStateAnswer } from '../contract/triggers.ts';
import { type Definition, type TriggerDefinition, triggerConfigOf } from '../core/definition/schema.ts';
import { type Fault, MyelinError } from '../core/errors.ts';
import { momentOf } from '../core/schedule/schedule.ts';
import type { Runtime } from '../ports/runtime.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import type { TriggerState } from '../ports/trigger-states.ts';
import type { NewTrigger, TriggerRow } from '../ports/workflows.ts';
import { stateOf } from '../projections/trigger-state.ts';

/**
 * Of a valid definition, to be saved with it. Throws `invalid_definition` for a schedule whose only time is over, but
 * where it stands so in the definition `before`: the rest of a workflow can be changed after that time too.
 */
export function triggersOf(
  definition: Definition,
  runtime: Pick<Runtime, 'id' | 'now'>,
  before?: Definition,
): NewTrigger[] {
  refusePast(definition, runtime.now(), before);
  return (definition.triggers ?? []).map((trigger) => {
    const { id: name, type } = trigger;
    const base = { id: runtime.id(), name, type, config: triggerConfigOf(trigger) };
    return type === 'webhook' ? { ...base, webhook: placeOf(trigger) } : base;
  });
}

function refusePast(definition: Definition, now: number, before: Definition | undefined): void {
  const errors: Fault[] = (definition.triggers ?? []).flatMap((trigger, index) => {
    const { id, type, at, timezone } = trigger;
    if (type !== 'schedule' || typeof at !== 'string') return [];
    const known = before?.triggers?.find((one) => one.id === id);
    const isPast = momentOf(at, timezone as string | undefined) <= now;
    if (!isPast || (known?.at === at && known.timezone === timezone)) return [];
    return [{ path: `triggers[${index}].at`, message: `${at} is in the past; name a time that comes` }];
  });
  const [first] = errors;
  if (first !== undefined) {
    throw new MyelinError('invalid_definition', `${first.path}: ${first.message}`, { errors });
  }
}

const timeText = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Where a webhook listens. */
export function placeOf({ path, method }: TriggerDefinition): { path: string; method: string } {
  return { path: String(path), method: typeof method === 'string' ? method : 'POST' };
}

/** `states` may be those of other triggers too. */
export function triggerAnswer(row: TriggerRow, states: readonly TriggerState[]): TriggerAnswer {
  const { id, projectId, workflowId, workflowName, name, type, config, active, nextAt, lastAt } = row;
  const url = type === 'webhook' ? webhookUrl(projectId, String(config.path)) : null;
  const times = { nextAt: timeText(nextAt), lastAt: timeText(lastAt) };
  return { id, workflowId, workflowName, name, type, config, active, url, ...times, state: stateAnswer(id, states) };
}

function stateAnswer(id: string, states: readonly TriggerState[]): TriggerStateAnswer | null {
  const state = stateOf(states.filter(({ triggerId }) => triggerId === id));
  if (state === null) return null;
  const { error, since, lastMessageAt, ...rest } = state;
  return {
    ...rest,
    error: error === null ? null : { code: error.code, message: error.message },
    since: new Date(since).toISOString(),
    lastMessageAt: timeText(lastMessageAt),
  };
}

/** Path on this server; the project stands in it where it is not the first one. */
export function webhookUrl(projectId: string, path: string): string {
  return projectId === DEFAULT_PROJECT ? `/webhooks/${path}` : `/webhooks/~${projectId}/${path}`;
}
