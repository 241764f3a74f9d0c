import { diagnose } from '../../core/dead-letter.ts';
import type { ErrorInfo } from '../../core/errors.ts';
import { letterAlert } from '../../core/execution/index.ts';
import { isObject } from '../../core/json.ts';
import type { NewLetter } from '../../ports/dead-letters.ts';
import { insertLetters } from './insert-letters.ts';
import { insertMessages } from './insert-messages.ts';
import { readEvents } from './read-histories.ts';
import { type Pool, runAll, type Sql } from './sql.ts';
import { notify } from './wake.ts';
import { abandonCalls } from './write-calls.ts';

/**
 * Its row fails; its parent, if one waits for it, hears of it, and else a dead letter tells of it; of a test, whose
 * version is below zero, none does.
 */
export async function quarantineExecution(sql: Pool, id: string, error: ErrorInfo, owner?: string): Promise<void> {
  const birth = await readBirth(sql, id);
  await sql.begin(async (tx) => {
    await takeBackEnd(tx, id, owner);
    const [row] = await tx`
      update workflow_executions e
         set status = 'failed', owner = null, held = false, error = ${JSON.stringify(error)}::text::json,
             finished_at = extract(epoch from now()) * 1000
       where ${isOwned(tx, id, owner)}
      returning project_id, workflow_id, version, trigger_id, parent_id, finished_at,
                (select name from workflows w where w.id = e.workflow_id) as workflow_name`;
    if (row === undefined) return;
    await tx`delete from flow_queue where execution_id = ${id}`;
    await tx`delete from flow_slots where execution_id = ${id} and expires_at is null`;
    await tx`delete from signals where execution_id = ${id} and type in ('retry', 'skip', 'cancel')`;
    if (row.parent_id !== null) await tellParent(tx, id, row, error);
    if (birth.parent === undefined && row.version > 0) await leaveLetter(tx, id, row, birth, error);
    await abandonCalls(tx, [id], row.finished_at as number);
  });
}

const isOwned = (tx: Sql, id: string, owner: string | undefined) =>
  owner === undefined ? tx`id = ${id}` : tx`id = ${id} and owner = ${owner}`;

/** It had failed before, and fails anew without being led on. */
const takeBackEnd = (tx: Sql, id: string, owner: string | undefined) => tx`
  insert into execution_reopenings (project_id, workflow_id, ended_at)
  select project_id, workflow_id, finished_at from workflow_executions
   where ${isOwned(tx, id, owner)} and finished_at is not null and status in ('failed', 'compensation_failed')
     for update`;

interface Birth {
  readonly trigger?: unknown;
  readonly parent?: unknown;
  readonly depth?: unknown;
}

/** What the first event says, as far as it can be read: it may be what is corrupted. */
async function readBirth(sql: Sql, id: string): Promise<Birth> {
  try {
    const [row] = await sql`select project_id from workflow_executions where id = ${id}`;
    if (row === undefined) return {};
    const [event] = await readEvents(sql, row.project_id as string, id, 0, 1);
    return event !== undefined && isObject(event.data) ? (event.data as Birth) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

async function tellParent(tx: Sql, id: string, row: Record<string, unknown>, error: ErrorInfo): Promise<void> {
  const body = { type: 'child-ended', executionId: id, outcome: { status: 'failed', error } };
  await tx`
    insert into signals (project_id, execution_id, type, body)
    values (${row.project_id}, ${row.parent_id}, 'child-ended', ${JSON.stringify(body)}::text::json)`;
  await notify(tx);
}

async function leaveLetter(
  tx: Sql,
  id: string,
  row: Record<string, unknown>,
  birth: Birth,
  error: ErrorInfo,
): Promise<void> {
  const letter: NewLetter = {
    id,
    projectId: row.project_id as string,
    source: 'execution',
    executionId: id,
    workflowId: row.workflow_id as string,
    version: row.version as number,
    triggerId: row.trigger_id as string,
    originalEvent: birth.trigger ?? null,
    error,
    path: null,
    attempts: 0,
    ...diagnose(error, null),
    // What cannot be read now can be read by nobody until a person has mended it.
    automatic: false,
    failedAt: row.finished_at as number,
  };
  await runAll(tx, insertLetters([letter]));
  const depth = typeof birth.depth === 'number' ? birth.depth : 0;
  const plan = { name: (row.workflow_name as string | null) ?? '(deleted)' };
  const event = letterAlert({ id, trigger: birth.trigger, depth, plan }, letter);
  if (event === null) return;
  await runAll(tx, insertMessages([{ projectId: letter.projectId, event }]));
  await notify(tx, 'messages');
}
