import type { ListeningTrigger, PairPage, TriggerRow, WebhookRow } from '../../ports/workflows.ts';
import type { Sql } from './sql.ts';

const webhookColumns = (sql: Sql) => sql`
  r.path, r.method, r.project_id, r.workflow_id, w.version, t.id as trigger_id, t.name as trigger_name, t.config
  from webhook_registrations r
  join triggers t on t.id = r.trigger_id
  join workflows w on w.id = r.workflow_id`;

export async function webhookAt(
  sql: Sql,
  projectId: string,
  path: string,
  method: string,
): Promise<WebhookRow | undefined> {
  const [row] = await sql`
    select ${webhookColumns(sql)} where r.project_id = ${projectId} and r.path = ${path} and r.method = ${method}`;
  return row === undefined ? undefined : toWebhook(row);
}

export async function webhookMethods(sql: Sql, projectId: string, path: string): Promise<string[]> {
  const rows = await sql`
    select method from webhook_registrations where project_id = ${projectId} and path = ${path} order by method`;
  return rows.map((row) => row.method as string);
}

export async function listWebhooks(sql: Sql, projectId: string, page?: PairPage): Promise<WebhookRow[]> {
  const [path, method] = page?.after ?? ['', ''];
  const rows = await sql`
    select ${webhookColumns(sql)}
     where r.project_id = ${projectId}
       and (r.path collate "C", r.method collate "C") > (${path}::text, ${method}::text)
     order by r.path collate "C", r.method collate "C" limit ${page?.limit ?? null}::bigint`;
  return rows.map(toWebhook);
}

function toWebhook(row: Record<string, unknown>): WebhookRow {
  return {
    triggerId: row.trigger_id as string,
    triggerName: row.trigger_name as string,
    projectId: row.project_id as string,
    workflowId: row.workflow_id as string,
    version: row.version as number,
    path: row.path as string,
    method: row.method as string,
    config: row.config as Record<string, unknown>,
  };
}

const triggerColumns = (sql: Sql) => sql`
  t.*, w.name as workflow_name, w.status = 'active' as active,
  coalesce(s.next_at, case when p.due_at is not null then greatest(p.due_at, p.free_at) end) as next_at,
  coalesce(s.last_at, p.polled_at) as last_at
  from triggers t
  join workflows w on w.id = t.workflow_id
  left join schedules s on s.trigger_id = t.id
  left join poll_states p on p.trigger_id = t.id and p.project_id = t.project_id`;

export async function listTriggers(
  sql: Sql,
  projectId: string,
  workflowId?: string,
  page?: PairPage,
): Promise<TriggerRow[]> {
  const [workflowName, name] = page?.after ?? ['', ''];
  const rows = await sql`
    select ${triggerColumns(sql)}
     where t.project_id = ${projectId} ${workflowId === undefined ? sql`` : sql`and t.workflow_id = ${workflowId}`}
       and (w.name collate "C", t.name collate "C") > (${workflowName}::text, ${name}::text)
     order by w.name collate "C", t.name collate "C" limit ${page?.limit ?? null}::bigint`;
  return rows.map(toTrigger);
}

export async function getTrigger(sql: Sql, projectId: string, id: string): Promise<TriggerRow | undefined> {
  const [row] = await sql`select ${triggerColumns(sql)} where t.project_id = ${projectId} and t.id = ${id}`;
  return row === undefined ? undefined : toTrigger(row);
}

/** Asked for every second: the partial index keeps webhooks, of which there may be many, out of its way. */
export async function listeningTriggers(
  sql: Sql,
  type: string,
  projectIds?: readonly string[],
): Promise<ListeningTrigger[]> {
  const rows = await sql`
    select t.id, t.project_id, t.workflow_id, w.name as workflow_name, w.version, t.name, t.config
      from triggers t join workflows w on w.id = t.workflow_id and w.status = 'active'
     where t.type = ${type} and t.type not in ('webhook', 'manual')
       ${projectIds === undefined ? sql`` : sql`and t.project_id = any(${projectIds as string[]}::text[]::uuid[])`}
     order by w.name, t.name`;
  return rows.map((row) => ({
    id: row.id as string,
    projectId: row.project_id as string,
    workflowId: row.workflow_id as string,
    workflowName: row.workflow_name as string,
    version: row.version as number,
    name: row.name as string,
    config: row.config as Record<string, unknown>,
  }));
}

function toTrigger(row: Record<string, unknown>): TriggerRow {
  return {
    id: row.id as string,
    projectId: row.project_id as string,
    workflowId: row.workflow_id as string,
    workflowName: row.workflow_name as string,
    name: row.name as string,
    type: row.type as string,
    config: row.config as Record<string, unknown>,
    active: row.active as boolean,
    nextAt: row.next_at as number | null,
    lastAt: row.last_at as number | null,
  };
}
