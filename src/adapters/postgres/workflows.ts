/** Workflows, their versions, and the triggers and webhook paths of the present version. */
import type { Definition } from '../../core/definition/schema.ts';
import { MyelinError } from '../../core/errors.ts';
import { isUuid } from '../../core/uuid.ts';
import type {
  NewTrigger,
  NewWorkflow,
  Workflow,
  WorkflowChange,
  WorkflowQuery,
  WorkflowStatus,
  WorkflowStore,
} from '../../ports/workflows.ts';
import { changeGroups } from './change-groups.ts';
import { brokenUnique, guarded } from './failures.ts';
import { writePolls } from './polls.ts';
import { writeSchedules } from './schedules.ts';
import { groupsBefore, settleGroups } from './settle-groups.ts';
import type { Pool, Sql } from './sql.ts';
import { getTrigger, listeningTriggers, listTriggers, listWebhooks, webhookAt, webhookMethods } from './triggers.ts';
import { notify } from './wake.ts';
import { insertTest, insertVersion, listVersions, versionOf } from './workflow-versions.ts';

export function workflowStore(sql: Pool): WorkflowStore {
  return {
    create: (workflow) => guarded(() => told(sql, () => createWorkflow(sql, workflow))),
    update: (change) => guarded(() => told(sql, () => updateWorkflow(sql, change))),
    setStatus: (projectId, id, status, now) =>
      guarded(() => told(sql, () => setStatus(sql, projectId, id, status, now))),
    get: (projectId, idOrName) => guarded(() => getWorkflow(sql, projectId, idOrName)),
    list: (projectId, page) => guarded(() => listWorkflows(sql, projectId, page)),
    delete: (projectId, id) =>
      guarded(async () => {
        const found = await removeWorkflow(sql, projectId, id, Date.now());
        await notify(sql, 'triggers');
        return found;
      }),
    version: (projectId, workflowId, version) => guarded(() => versionOf(sql, projectId, workflowId, version)),
    keepTest: (test) => guarded(() => insertTest(sql, test)),
    versions: (projectId, workflowId, page) => guarded(() => listVersions(sql, projectId, workflowId, page)),
    webhook: (projectId, path, method) => guarded(() => webhookAt(sql, projectId, path, method)),
    webhookMethods: (projectId, path) => guarded(() => webhookMethods(sql, projectId, path)),
    webhooks: (projectId, page) => guarded(() => listWebhooks(sql, projectId, page)),
    listening: (type, projectIds) => guarded(() => listeningTriggers(sql, type, projectIds)),
    triggers: (projectId, workflowId, page) => guarded(() => listTriggers(sql, projectId, workflowId, page)),
    trigger: (projectId, id) => guarded(() => getTrigger(sql, projectId, id)),
  };
}

/** Whoever listens for triggers looks again. */
async function told<T>(sql: Sql, operation: () => Promise<T>): Promise<T> {
  const result = await written(operation);
  await notify(sql, 'triggers');
  return result;
}

/** What a broken unique constraint means to the person who wrote. */
async function written<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const constraint = brokenUnique(error);
    if (constraint === 'workflows_project_id_name_key') throw new MyelinError('workflow_exists');
    if (constraint === 'webhook_registrations_pkey') throw new MyelinError('webhook_path_taken');
    throw error;
  }
}

async function removeWorkflow(sql: Pool, projectId: string, id: string, now: number): Promise<boolean> {
  return await changeGroups(sql, projectId, now, async (tx, placesAt) => {
    const groups = await groupsBefore(tx, projectId, id);
    const rows = await tx`delete from workflows where id = ${id} and project_id = ${projectId} returning 1 as one`;
    await settleGroups(tx, groups, placesAt, now);
    return rows.length > 0;
  });
}

async function createWorkflow(sql: Pool, workflow: NewWorkflow): Promise<Workflow> {
  const { id, projectId, definition, status, triggers, now } = workflow;
  await changeGroups(sql, projectId, now, async (tx, placesAt) => {
    const groups = await groupsBefore(tx, projectId, id, triggers);
    await tx`
      insert into workflows (id, project_id, name, version, status, created_at, updated_at, retention)
      values (${id}, ${projectId}, ${definition.name}, 1, ${status}, ${now}, ${now},
              ${retentionOf(definition)}::text::json)`;
    await insertVersion(tx, workflow, 1);
    await replaceTriggers(tx, projectId, id, triggers);
    if (status === 'active') await takePaths(tx, projectId, id, triggers);
    await writeSchedules(tx, projectId, id, status === 'active', now);
    await writePolls(tx, projectId, id, status === 'active', now);
    await settleGroups(tx, groups, placesAt, now);
  });
  return { id, projectId, name: definition.name, version: 1, status, definition, createdAt: now, updatedAt: now };
}

async function updateWorkflow(sql: Pool, change: WorkflowChange): Promise<Workflow> {
  const { id, projectId, definition, triggers, expectedVersion, now } = change;
  return await changeGroups(sql, projectId, now, async (tx, placesAt) => {
    const groups = await groupsBefore(tx, projectId, id, triggers);
    const [present] = await tx`
      select version, status, created_at from workflows where id = ${id} and project_id = ${projectId} for update`;
    if (present === undefined) throw new MyelinError('workflow_not_found');
    if (expectedVersion !== undefined && expectedVersion !== present.version) {
      throw new MyelinError(
        'version_conflict',
        `The workflow is at version ${present.version}, not ${expectedVersion}.`,
      );
    }
    const version = (present.version as number) + 1;
    const status = change.activate === true ? 'active' : (present.status as WorkflowStatus);
    await tx`
      update workflows
         set name = ${definition.name}, version = ${version}, status = ${status}, updated_at = ${now},
             retention = ${retentionOf(definition)}::text::json
       where id = ${id}`;
    await insertVersion(tx, change, version);
    await replaceTriggers(tx, projectId, id, triggers);
    if (status === 'active') await takePaths(tx, projectId, id, triggers);
    await writeSchedules(tx, projectId, id, status === 'active', now);
    await writePolls(tx, projectId, id, status === 'active', now);
    await settleGroups(tx, groups, placesAt, now);
    const createdAt = present.created_at as number;
    return { id, projectId, name: definition.name, version, status, definition, createdAt, updatedAt: now };
  });
}

/** Kept apart from the document: a pass of retention reads it of every workflow. */
function retentionOf({ settings }: Definition): string | null {
  return settings?.retention === undefined ? null : JSON.stringify(settings.retention);
}

/** A trigger keeps its id as long as its name stays. Webhook paths are given back here. */
async function replaceTriggers(
  tx: Sql,
  projectId: string,
  workflowId: string,
  triggers: readonly NewTrigger[],
): Promise<void> {
  await tx`delete from webhook_registrations where workflow_id = ${workflowId}`;
  const names = triggers.map((one) => one.name);
  await tx`delete from triggers where workflow_id = ${workflowId} and not name = any(${names}::text[])`;
  for (const one of triggers) {
    await tx`
      insert into triggers (id, project_id, workflow_id, name, type, config)
      values (${one.id}, ${projectId}, ${workflowId}, ${one.name}, ${one.type}, ${JSON.stringify(one.config)}::text::json)
      on conflict (workflow_id, name) do update set type = excluded.type, config = excluded.config`;
  }
}

async function takePaths(
  tx: Sql,
  projectId: string,
  workflowId: string,
  triggers: readonly Pick<NewTrigger, 'name' | 'webhook'>[],
): Promise<void> {
  for (const { name, webhook } of triggers) {
    if (webhook === undefined) continue;
    await tx`
      insert into webhook_registrations (project_id, path, method, trigger_id, workflow_id)
      select ${projectId}, ${webhook.path}, ${webhook.method}, id, workflow_id from triggers
       where workflow_id = ${workflowId} and name = ${name}`;
  }
}

async function setStatus(
  sql: Pool,
  projectId: string,
  id: string,
  status: WorkflowStatus,
  now: number,
): Promise<Workflow> {
  await changeGroups(sql, projectId, now, async (tx, placesAt) => {
    const groups = await groupsBefore(tx, projectId, id);
    const rows = await tx`
      update workflows set status = ${status}, updated_at = ${now}
       where id = ${id} and project_id = ${projectId} returning 1 as one`;
    if (rows.length === 0) throw new MyelinError('workflow_not_found');
    await tx`delete from webhook_registrations where workflow_id = ${id}`;
    await writeSchedules(tx, projectId, id, status === 'active', now);
    await writePolls(tx, projectId, id, status === 'active', now);
    await settleGroups(tx, groups, placesAt, now);
    if (status !== 'active') return;
    const triggers = await tx`select name, config from triggers where workflow_id = ${id} and type = 'webhook'`;
    const holders = triggers.map((row) => ({ name: row.name as string, webhook: placeOf(row.config) }));
    await takePaths(tx, projectId, id, holders);
  });
  return (await getWorkflow(sql, projectId, id)) as Workflow;
}

function placeOf(config: unknown): { path: string; method: string } {
  const { path, method } = config as { path: string; method?: string };
  return { path, method: method ?? 'POST' };
}

async function getWorkflow(sql: Sql, projectId: string, idOrName: string): Promise<Workflow | undefined> {
  const [row] = await sql`
    select w.*, v.definition from workflows w
      join workflow_versions v on v.workflow_id = w.id and v.version = w.version
     where w.project_id = ${projectId} and ${isUuid(idOrName) ? sql`w.id = ${idOrName}` : sql`w.name = ${idOrName}`}`;
  return row === undefined ? undefined : toWorkflow(row);
}

async function listWorkflows(
  sql: Sql,
  projectId: string,
  { after, limit, status, key }: WorkflowQuery,
): Promise<Workflow[]> {
  const rows = await sql`
    select w.*, v.definition from workflows w
      join workflow_versions v on v.workflow_id = w.id and v.version = w.version
     where w.project_id = ${projectId}
       ${after === undefined ? sql`` : sql`and w.name collate "C" > ${after}`}
       ${status === undefined ? sql`` : sql`and w.status = ${status}`}
       ${key === undefined ? sql`` : sql`and position(${`"${key}":`} in v.definition::text) > 0`}
     order by w.name collate "C" limit ${limit}`;
  return rows.map(toWorkflow);
}

function toWorkflow(row: Record<string, unknown>): Workflow {
  return {
    id: row.id as string,
    projectId: row.project_id as string,
    name: row.name as string,
    version: row.version as number,
    status: row.status as WorkflowStatus,
    definition: row.definition as Definition,
    createdAt: row.created_at as number,
    updatedAt: row.updated_at as number,
  };
}
