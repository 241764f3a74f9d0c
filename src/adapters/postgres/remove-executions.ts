/**
 * The one place where executions are removed, with everything that is theirs: by a person's DELETE and by retention.
 * A table whose rows belong to an execution has a line in `THEIRS`. The books of its calls stay: what was spent was spent.
 */
import { lockBlobs } from './blob-lock.ts';
import { array, texts } from './columns.ts';
import { runAll, type Sql } from './sql.ts';
import { abandonCalls } from './write-calls.ts';

/** By which column each is found, in the form of a condition. Events are removed apart, since blobs hang on them. */
const THEIRS = [
  ['signals', 'execution_id = any($1::uuid[])'],
  ['timers', 'execution_id = any($1::uuid[])'],
  ['idempotency_keys', 'execution_id = any($1::uuid[])'],
  ['waits', 'execution_id = any($1::uuid[])'],
  ['budget_accounts', 'execution_id = any($1::uuid[])'],
  ['budget_grants', 'execution_id = any($1::uuid[])'],
  ['token_chunks', 'execution_id = any($1::uuid[])'],
  ['webhook_deliveries', 'execution_id = any($1::uuid[])'],
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
  const [blobs] = await Promise.all([
    removeEvents(tx, gone),
    ...THEIRS.map(([table, are]) => tx.unsafe(`delete from ${table} where ${are}`, [array(gone)])),
  ]);
  if (blobs.length > 0) await removeBlobs(tx, blobs);
  await abandonCalls(tx, gone, Date.now());
  return gone.length;
}

interface BlobName {
  readonly project_id: string;
  readonly blob: string;
}

/** The bounds say which partitions there is anything in. Answers the blobs that the events had. */
async function removeEvents(tx: Sql, sorted: readonly string[]): Promise<BlobName[]> {
  const rows = await tx.unsafe(
    `with gone as (
       delete from events where stream_id >= $2::uuid and stream_id <= $3::uuid and stream_id = any($1::uuid[])
       returning project_id, blob)
     select distinct project_id, blob from gone where blob is not null`,
    [array(sorted), sorted[0], sorted.at(-1)],
  );
  return rows as BlobName[];
}

/** Those that no other event has. A commit on its way that has one is waited for: its event is then seen here. */
async function removeBlobs(tx: Sql, blobs: readonly BlobName[]): Promise<void> {
  await runAll(tx, [lockBlobs('to remove')]);
  await tx.unsafe(
    `delete from blobs b using unnest($1::uuid[], string_to_array($2, e'\\x1e')) n (project_id, hash)
      where b.project_id = n.project_id and b.hash = n.hash
        and not exists (select from events e where e.project_id = b.project_id and e.blob = b.hash)`,
    [array(blobs.map((one) => one.project_id)), texts(blobs.map((one) => one.blob))],
  );
}
