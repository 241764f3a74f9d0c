import { createHash } from 'node:crypto';
import type { Commit } from '../../ports/store.ts';
import { lockBlobs } from './blob-lock.ts';
import { array, texts } from './columns.ts';
import { insertFeedEntries } from './insert-feed-entries.ts';
import { type Query, query } from './query.ts';

/** Data longer than this, in characters of JSON, goes to the blobs by its hash. */
const SPILL_AT = 64 * 1024;

interface Blob {
  readonly projectId: string;
  readonly hash: string;
  readonly data: string;
}

/** Events of one stream that follow each other. */
export interface Stretch {
  readonly streamId: string;
  readonly projectId: string;
  readonly firstSeq: number;
  readonly events: readonly { readonly type: string; readonly at: number; readonly data: unknown }[];
  /** Of the type of each event; absent: 1. */
  readonly versions?: readonly number[];
}

export function insertEvents(commits: readonly Commit[]): Query[] {
  return insertStretches(
    commits.map(({ executionId: streamId, projectId, firstSeq, events }) => ({
      streamId,
      projectId,
      firstSeq,
      events,
    })),
  );
}

export function insertStretches(stretches: readonly Stretch[]): Query[] {
  const streams: string[] = [];
  const projects: string[] = [];
  const seqs: number[] = [];
  const types: string[] = [];
  const versions: number[] = [];
  const times: number[] = [];
  const data: string[] = [];
  const hashes: string[] = [];
  const blobs = new Map<string, Blob>();
  for (const one of stretches) {
    for (const [index, event] of one.events.entries()) {
      const json = JSON.stringify(event.data);
      const spilled = json.length > SPILL_AT ? blobOf(one.projectId, json) : null;
      if (spilled !== null) blobs.set(spilled.projectId + spilled.hash, spilled);
      streams.push(one.streamId);
      projects.push(one.projectId);
      seqs.push(one.firstSeq + index);
      types.push(event.type);
      versions.push(one.versions?.[index] ?? 1);
      times.push(event.at);
      data.push(spilled === null ? json : '');
      hashes.push(spilled?.hash ?? '');
    }
  }
  if (streams.length === 0) return [];
  return [
    ...insertBlobs([...blobs.values()]),
    query(
      `insert into events (stream_id, project_id, seq, type, version, at, data, blob)
       select stream_id, project_id, seq, type, version, at, nullif(data, '')::json, nullif(blob, '')
         from unnest($1::uuid[], $2::uuid[], $3::int[], string_to_array($4, e'\\x1e'), $5::smallint[], $6::bigint[],
                     string_to_array($7, e'\\x1e'), string_to_array($8, e'\\x1e'))
           n (stream_id, project_id, seq, type, version, at, data, blob)`,
      [
        array(streams),
        array(projects),
        array(seqs),
        texts(types),
        array(versions),
        array(times),
        texts(data),
        texts(hashes),
      ],
    ),
    insertFeedEntries(stretches),
  ];
}

function blobOf(projectId: string, data: string): Blob {
  return { projectId, hash: createHash('sha256').update(data).digest('hex'), data };
}

function insertBlobs(blobs: readonly Blob[]): Query[] {
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
