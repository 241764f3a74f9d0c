/** Removes events of streams, and the blobs that only they had. */
import { lockBlobs } from './blob-lock.ts';
import { array, texts } from './columns.ts';
import { runAll, type Sql } from './sql.ts';

/** At least one stream, sorted. */
export async function removeStreams(tx: Sql, sorted: readonly string[]): Promise<void> {
  const blobs = await removeEvents(tx, sorted);
  if (blobs.length > 0) await removeBlobs(tx, blobs);
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
