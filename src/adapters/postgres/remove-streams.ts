/** Removes events of streams, and the blobs that only they had. */
import { array } from './columns.ts';
import { type BlobName, removeBlobs } from './remove-blobs.ts';
import type { Sql } from './sql.ts';

/** At least one stream, sorted. */
export async function removeStreams(tx: Sql, sorted: readonly string[]): Promise<void> {
  await removeBlobs(tx, await removeEvents(tx, sorted));
}

/** The bounds say which partitions there is anything in. Answers the blobs that the events had. */
export async function removeEvents(tx: Sql, sorted: readonly string[]): Promise<BlobName[]> {
  const rows = await tx.unsafe(
    `with gone as (
       delete from events where stream_id >= $2::uuid and stream_id <= $3::uuid and stream_id = any($1::uuid[])
       returning project_id, blob)
     select distinct project_id, blob from gone where blob is not null`,
    [array(sorted), sorted[0], sorted.at(-1)],
  );
  return rows as BlobName[];
}
