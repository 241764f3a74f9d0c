import type { Commit } from '../../ports/store.ts';
import { array, texts } from './columns.ts';
import { type Blob, insertBlobs, spilled } from './insert-blobs.ts';
import { insertFeedEntries } from './insert-feed-entries.ts';
import { type Query, query } from './query.ts';

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
      const blob = spilled(one.projectId, json);
      if (blob !== null) blobs.set(blob.projectId + blob.hash, blob);
      streams.push(one.streamId);
      projects.push(one.projectId);
      seqs.push(one.firstSeq + index);
      types.push(event.type);
      versions.push(one.versions?.[index] ?? 1);
      times.push(event.at);
      data.push(blob === null ? json : '');
      hashes.push(blob?.hash ?? '');
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
