/** Executions as rows: one, release, deletion. */
import type { ErrorInfo } from '../../core/errors.ts';
import type { Status } from '../../core/execution/index.ts';
import type { ExecutionRow } from '../../ports/store.ts';
import { removeExecutions } from './remove-executions.ts';
import type { Pool, Sql } from './sql.ts';
import { keyHash } from './take-keys.ts';
import { notify } from './wake.ts';

export async function getExecution(sql: Sql, projectId: string, id: string): Promise<ExecutionRow | undefined> {
  const [row] = await sql`
    select e.*, w.name as workflow_name from workflow_executions e left join workflows w on w.id = e.workflow_id
     where e.id = ${id} and e.project_id = ${projectId}`;
  return row === undefined ? undefined : toExecution(row);
}

export function toExecution(row: Record<string, unknown>): ExecutionRow {
  return {
    id: row.id as string,
    projectId: row.project_id as string,
    workflowId: row.workflow_id as string,
    workflowName: (row.workflow_name as string | null) ?? '(deleted)',
    version: row.version as number,
    status: row.status as Status,
    triggerId: row.trigger_id as string,
    parentId: row.parent_id as string | null,
    createdAt: row.created_at as number,
    startedAt: row.started_at as number | null,
    finishedAt: row.finished_at as number | null,
    error: row.error as ErrorInfo | null,
  };
}

export async function releaseExecutions(sql: Sql, owner: string, ids?: readonly string[]): Promise<number> {
  const named = ids === undefined ? sql`` : sql`and id = any(${ids as string[]}::text[]::uuid[])`;
  const rows =
    await sql`update workflow_executions set owner = null where owner = ${owner} ${named} returning 1 as one`;
  if (rows.length > 0) await notify(sql);
  return rows.length;
}

export async function ownedExecutions(sql: Sql, owner: string): Promise<string[]> {
  const rows = await sql`select id from workflow_executions where owner = ${owner}`;
  return rows.map((row) => row.id as string);
}

/** Only one that has ended. */
export async function deleteExecution(sql: Pool, projectId: string, id: string): Promise<boolean> {
  return await sql.begin(async (tx) => {
    const [mine] = await tx`select 1 as one from workflow_executions where id = ${id} and project_id = ${projectId}`;
    return mine !== undefined && (await removeExecutions(tx, [id])) > 0;
  });
}

export async function executionByKey(sql: Sql, projectId: string, key: string): Promise<string | undefined> {
  const [row] = await sql`
    select execution_id from idempotency_keys
     where project_id = ${projectId} and key = ${keyHash(key)} and expires_at >= extract(epoch from now()) * 1000`;
  return row?.execution_id as string | undefined;
}
