/** The documents of workflows, by version: they never change. */
import type { Definition } from '../../core/definition/schema.ts';
import type {
  NewTest,
  NewWorkflow,
  VersionQuery,
  VersionRow,
  WorkflowChange,
  WorkflowVersion,
} from '../../ports/workflows.ts';
import type { Sql } from './sql.ts';

export async function insertVersion(tx: Sql, of: WorkflowChange | NewWorkflow, version: number): Promise<void> {
  await tx`insert into workflow_versions (workflow_id, version, project_id, definition, created_at, saved_by)
           values (${of.id}, ${version}, ${of.projectId}, ${JSON.stringify(of.definition)}::text::json, ${of.now},
                   ${of.savedBy ?? null})`;
}

export async function insertTest(sql: Sql, test: NewTest): Promise<number> {
  const { projectId, workflowId, executionId, definition, now } = test;
  const [row] = await sql`
    insert into workflow_versions (workflow_id, version, project_id, definition, created_at, execution_id)
    values (${workflowId}, -nextval('test_versions'), ${projectId}, ${JSON.stringify(definition)}::text::json, ${now},
            ${executionId})
    returning version`;
  return row?.version as number;
}

export async function versionOf(
  sql: Sql,
  projectId: string,
  workflowId: string,
  version: number,
): Promise<WorkflowVersion | undefined> {
  const [row] = await sql`
    select version, definition, created_at, saved_by from workflow_versions
     where project_id = ${projectId} and workflow_id = ${workflowId} and version = ${version}`;
  return row === undefined ? undefined : { ...toRow(row), definition: row.definition as Definition };
}

export async function listVersions(
  sql: Sql,
  projectId: string,
  workflowId: string,
  { before, limit }: VersionQuery,
): Promise<VersionRow[]> {
  const rows = await sql`
    select version, created_at, saved_by from workflow_versions
     where project_id = ${projectId} and workflow_id = ${workflowId} and version > 0
       ${before === undefined ? sql`` : sql`and version < ${before}`}
     order by version desc limit ${limit}`;
  return rows.map(toRow);
}

function toRow(row: Record<string, unknown>): VersionRow {
  return {
    version: row.version as number,
    createdAt: row.created_at as number,
    savedBy: row.saved_by as string | null,
  };
}
