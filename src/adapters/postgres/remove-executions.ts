/**
 * The one place where executions are removed, with everything that is theirs: by a person's DELETE and by retention.
 * A table whose rows belong to an execution has a line in `THEIRS`. The books of its calls stay: what was spent was spent.
 */
import { array } from './columns.ts';
import { type BlobName, removeBlobs } from './remove-blobs.ts';
import { removeEvents } from './remove-streams.ts';
import type { Sql } from './sql.ts';
import { abandonCalls } from './write-calls.ts';

/** By which column each is found, in the form of a condition. Events and webhooks are removed apart, since blobs hang on them. */
const THEIRS = [
  ['signals', 'execution_id = any($1::uuid[])'],
  ['timers', 'execution_id = any($1::uuid[])'],
  ['idempotency_keys', 'execution_id = any($1::uuid[])'],
  ['waits', 'execution_id = any($1::uuid[])'],
  ['budget_accounts', 'execution_id = any($1::uuid[])'],
  ['budget_grants', 'execution_id = any($1::uuid[])'],
  ['token_chunks', 'execution_id = any($1::uuid[])'],
  ['workflow_versions', 'execution_id = any($1::uuid[])'],
  // One that nobody has resolved stays: it has all that is needed to try again.
  ['dead_letter_queue', "id = any($1::uuid[]) and status in ('RETRIED', 'ARCHIVED')"],
] as const;

/**
 * Removes those of these executions that have ended and that nobody has taken up again; says how many. `tx` is a
 * transaction, whose other statements see nothing of them any more.
 */
export async function removeExecutions(tx: Sql, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const rows = await tx.unsafe(
    `delete from workflow_executions
      where id = any($1::uuid[]) and owner is null
        and status in ('completed', 'failed', 'canceled', 'compensated', 'compensation_failed')
     returning id`,
    [array(ids)],
  );
  if (rows.length === 0) return 0;
  const gone = rows.map((row) => row.id as string).sort();
  const [ofEvents, ofWebhooks] = await Promise.all([
    removeEvents(tx, gone),
    removeWebhooks(tx, gone),
    ...THEIRS.map(([table, are]) => tx.unsafe(`delete from ${table} where ${are}`, [array(gone)])),
  ]);
  await removeBlobs(tx, [...ofEvents, ...ofWebhooks]);
  await abandonCalls(tx, gone, Date.now());
  return gone.length;
}

/** Answers the blobs that they had. */
async function removeWebhooks(tx: Sql, gone: readonly string[]): Promise<BlobName[]> {
  const rows = await tx.unsafe(
    `with gone as (delete from webhook_deliveries where execution_id = any($1::uuid[]) returning project_id, blob)
     select distinct project_id, blob from gone where blob is not null`,
    [array(gone)],
  );
  return rows as BlobName[];
}
