/** Blobs: JSON that is too long for its row, by its hash. Who has one is looked for in `remove-blobs.ts`. */
import { createHash } from 'node:crypto';
import { lockBlobs } from './blob-lock.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';

/** JSON longer than this, in characters, goes to the blobs. */
const SPILL_AT = 64 * 1024;

export interface Blob {
  readonly projectId: string;
  readonly hash: string;
  readonly data: string;
}

/** Null: it is short enough for its row. */
export function spilled(projectId: string, data: string): Blob | null {
  if (data.length <= SPILL_AT) return null;
  return { projectId, hash: createHash('sha256').update(data).digest('hex'), data };
}

export function insertBlobs(blobs: readonly Blob[]): Query[] {
  if (blobs.length === 0) return [];
  return [
    lockBlobs('to write'),
    query(
      `insert into blobs (project_id, hash, size, data)
     select project_id, hash, octet_length(data), data
       from unnest($1::uuid[], string_to_array($2, e'\\x1e'), string_to_array($3, e'\\x1e')) n (project_id, hash, data)
     on conflict do nothing`,
      [
        array(blobs.map((one) => one.projectId)),
        texts(blobs.map((one) => one.hash)),
        texts(blobs.map((one) => one.data)),
      ],
    ),
  ];
}
