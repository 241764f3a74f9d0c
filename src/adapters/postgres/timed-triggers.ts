/** Triggers that have a row of their own, which says when they are due: schedules and polls. */
import type { Row, Sql } from './sql.ts';

interface Timed {
  readonly projectId: string;
  readonly workflowId: string;
  readonly type: 'schedule' | 'poll';
  readonly table: 'schedules' | 'poll_states';
}

/** Those of a workflow as it is now; the rows of others are gone. */
export async function keptTriggers(tx: Sql, { projectId, workflowId, type, table }: Timed): Promise<Row[]> {
  const triggers = await tx`
    select id, config from triggers
     where project_id = ${projectId} and workflow_id = ${workflowId} and type = ${type}`;
  await tx.unsafe(
    `delete from ${table} where project_id = $1 and workflow_id = $2 and not trigger_id = any($3::text[]::uuid[])`,
    [projectId, workflowId, triggers.map((row) => row.id as string)],
  );
  return triggers;
}
