import { lockBlobs } from './blob-lock.ts';
import { array, texts } from './columns.ts';
import { runAll, type Sql } from './sql.ts';

export interface BlobName {
  readonly project_id: string;
  readonly blob: string;
}

/**
 * Those that no event and no webhook has any more. A transaction on its way that has one is waited for: what it writes is
 * then seen here.
 */
export async function removeBlobs(tx: Sql, blobs: readonly BlobName[]): Promise<void> {
  if (blobs.length === 0) return;
  await runAll(tx, [lockBlobs('to remove')]);
  await tx.unsafe(
    `delete from blobs b using unnest($1::uuid[], string_to_array($2, e'\\x1e')) n (project_id, hash)
      where b.project_id = n.project_id and b.hash = n.hash
        and not exists (select from events e where e.project_id = b.project_id and e.blob = b.hash)
        and not exists (select from webhook_deliveries d where d.project_id = b.project_id and d.blob = b.hash)`,
    [array(blobs.map((one) => one.project_id)), texts(blobs.map((one) => one.blob))],
  );
}
