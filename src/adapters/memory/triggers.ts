/** Triggers and webhooks as rows: what the workflows hold, laid flat. */
import type { ListeningTrigger, PairPage, TriggerRow, WebhookRow } from '../../ports/workflows.ts';
import type { Database, TriggerRecord, WorkflowRecord } from './database.ts';

interface Placed {
  readonly workflow: WorkflowRecord;
  readonly trigger: TriggerRecord;
}

/** By name of the workflow, then of the trigger. */
export function listTriggers(database: Database, projectId: string): TriggerRow[] {
  const rows = inOrder(placed(database, projectId), ({ workflow, trigger }) => [workflow.name, trigger.name]);
  return rows.map((row) => toTrigger(database, row));
}

/** Those of active workflows, by path and method. */
export function listWebhooks(database: Database, projectId: string): WebhookRow[] {
  const rows = placed(database, projectId)
    .filter(({ workflow }) => workflow.status === 'active')
    .flatMap(toWebhook);
  return inOrder(rows, ({ path, method }) => [path, method]);
}

export function listeningTriggers(
  database: Database,
  type: string,
  projectIds?: readonly string[],
): ListeningTrigger[] {
  const rows = placed(database).filter(({ workflow, trigger }) => {
    const isWanted = projectIds === undefined || projectIds.includes(workflow.projectId);
    return isWanted && workflow.status === 'active' && trigger.type === type;
  });
  return inOrder(rows, ({ workflow, trigger }) => [workflow.name, trigger.name]).map(({ workflow, trigger }) => {
    const { id: workflowId, name: workflowName, projectId, version } = workflow;
    const { id, name, config } = trigger;
    return { id, projectId, workflowId, workflowName, version, name, config: JSON.parse(config) };
  });
}

function placed(database: Database, projectId?: string): Placed[] {
  return [...database.workflows.values()]
    .filter((workflow) => projectId === undefined || workflow.projectId === projectId)
    .flatMap((workflow) => workflow.triggers.map((trigger) => ({ workflow, trigger })));
}

function inOrder<T>(rows: readonly T[], keys: (row: T) => readonly [string, string]): T[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return rows.toSorted((a, b) => {
    const [first, second] = [keys(a), keys(b)];
    return compare(first[0], second[0]) || compare(first[1], second[1]);
  });
}

/** Of rows in the order of their keys. */
export function pageOf<T>(
  rows: readonly T[],
  keys: (row: T) => readonly [string, string],
  { after: [first, second] = ['', ''], limit = rows.length }: Partial<PairPage> = {},
): T[] {
  const isAfter = ([a, b]: readonly [string, string]) => a > first || (a === first && b > second);
  return rows.filter((row) => isAfter(keys(row))).slice(0, limit);
}

function toTrigger(database: Database, { workflow, trigger: { id, name, type, config } }: Placed): TriggerRow {
  const { id: workflowId, projectId, name: workflowName, status } = workflow;
  const of = { projectId, workflowId, workflowName };
  const { next = null, lastAt = null } = database.schedules.get(id) ?? {};
  const { dueAt = null, freeAt = null, polledAt = null } = database.polls.get(id) ?? {};
  const pollAt = dueAt === null ? null : Math.max(dueAt, freeAt ?? 0);
  const times = { nextAt: next?.at ?? pollAt, lastAt: lastAt ?? polledAt };
  return { id, ...of, name, type, config: JSON.parse(config), active: status === 'active', ...times };
}

function toWebhook({ workflow, trigger }: Placed): WebhookRow[] {
  if (trigger.webhook === null) return [];
  const { id: workflowId, projectId, version } = workflow;
  const of = { triggerId: trigger.id, triggerName: trigger.name, projectId, workflowId, version };
  return [{ ...of, ...trigger.webhook, config: JSON.parse(trigger.config) }];
}
