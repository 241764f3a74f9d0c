/** The documents of workflows, by version: they never change. */
import type { Definition } from '../../core/definition/schema.ts';
import type { NewWorkflow, VersionQuery, VersionRow, WorkflowChange } from '../../ports/workflows.ts';
import type { Sql } from './sql.ts';

export async function insertVersion(tx: Sql, of: WorkflowChange | NewWorkflow, version: number): Promise<void> {
  await tx`insert into workflow_versions (workflow_id, version, project_id, definition, created_at)
           values (${of.id}, ${version}, ${of.projectId}, ${JSON.stringify(of.definition)}::text::json, ${of.now})`;
}

export async function versionOf(
  sql: Sql,
  projectId: string,
  workflowId: string,
  version: number,
): Promise<Definition | undefined> {
  const [row] = await sql`
    select definition from workflow_versions
     where project_id = ${projectId} and workflow_id = ${workflowId} and version = ${version}`;
  return row?.definition as Definition | undefined;
}

export async function listVersions(
  sql: Sql,
  projectId: string,
  workflowId: string,
  { before, limit }: VersionQuery,
): Promise<VersionRow[]> {
  const rows = await sql`
    select version, created_at from workflow_versions
     where project_id = ${projectId} and workflow_id = ${workflowId}
       ${before === undefined ? sql`` : sql`and version < ${before}`}
     order by version desc limit ${limit}`;
  return rows.map((row) => ({ version: row.version as number, createdAt: row.created_at as number }));
}
