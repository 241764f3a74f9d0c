/**
 * Appends to sessions, of a batch of commits or of one caller: the heads take the numbers in one statement, locked in
 * one order, so that two batches cannot wait for each other; then the events are written with them.
 */
import type { SessionEvent } from '../../core/session/events.ts';
import { plainText } from '../../core/session/plain-text.ts';
import { reopened } from '../../core/session/reopened.ts';
import { versionOf } from '../../core/session/upcast.ts';
import type { SessionAppend } from '../../ports/sessions.ts';
import type { Commit } from '../../ports/store.ts';
import { array, texts } from './columns.ts';
import { insertStretches, type Stretch } from './insert-events.ts';
import { runAll, type Sql } from './sql.ts';

interface Addition {
  readonly projectId: string;
  readonly append: SessionAppend;
}

export interface Head {
  readonly id: string;
  /** Number of the last event. */
  readonly seq: number;
  /** The session has just begun. */
  readonly fresh: boolean;
  /** It had ended until now. */
  readonly reopened: boolean;
}

/** Nothing is sent where no commit has any. */
export async function appendOfCommits(tx: Sql, commits: readonly Commit[]): Promise<void> {
  const additions: Addition[] = [];
  for (const { projectId, sessions } of commits) {
    if (sessions !== undefined) for (const append of sessions) additions.push({ projectId, append });
  }
  if (additions.length > 0) await appendSessions(tx, additions);
}

/** Heads in the order of their first addition; several additions to one session follow each other. */
export async function appendSessions(tx: Sql, additions: readonly Addition[]): Promise<Head[]> {
  const merged = merge(additions);
  const heads = await takeNumbers(tx, merged);
  const stretches = merged.map((one): Stretch => {
    const head = heads.get(placeOf(one.projectId, one.key)) as Head;
    const { id, seq } = head;
    const events = [...before(one, head), ...one.events];
    return {
      streamId: id,
      projectId: one.projectId,
      firstSeq: seq - events.length + 1,
      events: events.map(stored),
      versions: events.map(({ type }) => versionOf(type)),
    };
  });
  await runAll(tx, insertStretches(stretches));
  return merged.map((one) => heads.get(placeOf(one.projectId, one.key)) as Head);
}

function before({ start, events: [first] }: Merged, { fresh, reopened: isReopened }: Head): SessionEvent[] {
  if (fresh) return [start];
  return isReopened && first !== undefined ? [reopened(first)] : [];
}

interface Merged extends Addition {
  readonly key: string;
  readonly start: SessionEvent;
  readonly events: SessionEvent[];
  category: string;
  /** JSON, or empty. */
  tags: string;
  /** The newest counts. */
  idleMs: number | null;
}

const placeOf = (projectId: string, key: string): string => `${projectId} ${key}`;

function merge(additions: readonly Addition[]): Merged[] {
  const merged = new Map<string, Merged>();
  for (const { projectId, append } of additions) {
    const key = plainText(append.start.data.key, 500);
    const place = placeOf(projectId, key);
    const one = merged.get(place) ?? {
      projectId,
      append,
      key,
      start: append.start,
      events: [],
      category: '',
      tags: '',
      idleMs: null,
    };
    one.events.push(...append.events);
    one.idleMs = append.start.data.idleMs ?? one.idleMs;
    if (append.category !== undefined) one.category = plainText(append.category, 200);
    if (append.tags !== undefined) one.tags = JSON.stringify(append.tags.map((tag) => plainText(tag, 200)));
    merged.set(place, one);
  }
  return [...merged.values()];
}

/** The execution that wrote an event, or whoever did by the API, stands in its data. */
const stored = ({ type, at, data, executionId, by }: SessionEvent) => {
  const writer = { ...(executionId !== undefined && { executionId }), ...(by !== undefined && { by }) };
  return { type, at, data: { ...writer, ...data } };
};

async function takeNumbers(tx: Sql, merged: readonly Merged[]): Promise<Map<string, Head>> {
  const starts = merged.map(({ append }) => append.start);
  const rows = await tx.unsafe(
    `insert into sessions as s
       (id, project_id, key, agent, user_id, seq, pending_since, ended, started_at, last_activity, category, tags,
        idle_ms)
     select id, project_id, coalesce(key, ''), coalesce(agent, ''), nullif(user_id, ''), added + 1,
            (extract(epoch from clock_timestamp()) * 1000)::bigint, ended = 1, started_at, last_activity,
            nullif(category, ''),
            case when tags <> '' then array(select json_array_elements_text(tags::json)) end, idle_ms
       from unnest($1::uuid[], $2::uuid[], string_to_array($3, e'\\x1e'), string_to_array($4, e'\\x1e'),
                   string_to_array($5, e'\\x1e'), $6::int[], $7::int[], $8::bigint[], $9::bigint[],
                   string_to_array($10, e'\\x1e'), string_to_array($11, e'\\x1e'), $12::bigint[])
         n (id, project_id, key, agent, user_id, added, ended, started_at, last_activity, category, tags, idle_ms)
      order by project_id, key
     on conflict (project_id, key) do update
        set seq = s.seq + excluded.seq - 1 + (s.ended and excluded.seq > 1)::int,
            reopened_seq = case when s.ended and excluded.seq > 1 then s.seq + 1 else s.reopened_seq end,
            pending_since = case when s.projected_seq < s.seq then s.pending_since else excluded.pending_since end,
            ended = excluded.ended or (s.ended and excluded.seq = 1),
            last_activity = greatest(s.last_activity, excluded.last_activity),
            idle_ms = coalesce(excluded.idle_ms, s.idle_ms),
            category = coalesce(excluded.category, s.category),
            tags = coalesce(excluded.tags, s.tags)
     returning id, project_id, key, seq, reopened_seq, xmax = 0 as fresh`,
    [
      array(merged.map(({ append }) => append.newId)),
      array(merged.map(({ projectId }) => projectId)),
      texts(merged.map(({ key }) => key)),
      texts(starts.map(({ data }) => plainText(data.agent, 200))),
      texts(starts.map(({ data }) => plainText(data.userId ?? '', 200))),
      array(merged.map(({ events }) => events.length)),
      array(merged.map(({ events }) => (events.some(({ type }) => type === 'agent.session.ended') ? 1 : 0))),
      array(starts.map(({ at }) => at)),
      array(merged.map(({ start, events }) => Math.max(start.at, ...events.map(({ at }) => at)))),
      texts(merged.map(({ category }) => category)),
      texts(merged.map(({ tags }) => tags)),
      array(merged.map(({ idleMs }) => idleMs)),
    ],
  );
  const added = new Map(merged.map(({ projectId, key, events }) => [placeOf(projectId, key), events.length]));
  return new Map(
    rows.map((row) => {
      const place = placeOf(row.project_id, row.key);
      const { id, seq, fresh, reopened_seq: reopenedSeq } = row;
      return [place, { id, seq, fresh, reopened: reopenedSeq > 0 && reopenedSeq === seq - (added.get(place) ?? 0) }];
    }),
  );
}
