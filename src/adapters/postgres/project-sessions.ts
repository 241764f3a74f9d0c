/**
 * Events of sessions become rows. Whoever has the advisory lock of a session projects it, so appends wait for nobody;
 * the number up to which it is projected stands in the transaction that writes the rows, so each event counts once.
 */
import { evolve } from '../../core/session/evolve.ts';
import { newState, reviveState, type SessionState, SNAPSHOT_EVERY, STATE_VERSION } from '../../core/session/state.ts';
import type { SessionFolds, StoredSessionEvent } from '../../ports/sessions.ts';
import { array } from './columns.ts';
import { isConflict } from './failures.ts';
import { type SessionRows, writeSessionRows } from './session-projections.ts';
import { blankSummary, toEvent, toSummary } from './session-rows.ts';
import type { Pool, Row, Sql } from './sql.ts';

/** Events of a session that are projected in one transaction. */
const STRETCH = 1_000;
/** A session whose events cannot be projected does not keep the others waiting. */
const PUT_OFF_MS = 60_000;

/** Throws what the first session threw that cannot be projected, after the others are. */
export async function projectSessions(sql: Pool, limit: number, folds: SessionFolds): Promise<string[]> {
  const waiting = await sql`
    select id, project_id from sessions
     where projected_seq < seq and pending_since <= (extract(epoch from clock_timestamp()) * 1000)::bigint
     order by pending_since limit ${limit}`;
  const ids = waiting.map((row) => row.id as string);
  if (ids.length === 0) return [];
  try {
    return await sql.begin((tx) => projectAll(tx, ids, folds));
  } catch (error) {
    if (isConflict(error)) return waiting.map((row) => row.project_id as string);
    return await eachAlone(sql, ids, folds);
  }
}

async function eachAlone(sql: Pool, ids: readonly string[], folds: SessionFolds): Promise<string[]> {
  const faults: unknown[] = [];
  const done: string[] = [];
  for (const id of ids) {
    try {
      done.push(...(await sql.begin((tx) => projectAll(tx, [id], folds))));
    } catch (error) {
      faults.push(error);
      await sql`
        update sessions set pending_since = (extract(epoch from clock_timestamp()) * 1000)::bigint + ${PUT_OFF_MS}
         where id = ${id}`;
    }
  }
  if (faults.length > 0) throw faults[0];
  return done;
}

/** Sessions that another process projects are left to it. */
async function projectAll(tx: Sql, ids: readonly string[], folds: SessionFolds): Promise<string[]> {
  // A projection that a crash of the database loses is made again.
  const [, mine] = await Promise.all([
    tx.unsafe('set local synchronous_commit = off'),
    tx.unsafe(
      'select id from unnest($1::uuid[]) n (id) where pg_try_advisory_xact_lock(hashtextextended(id::text, 0))',
      [array(ids)],
    ),
  ]);
  const locked = array(mine.map((row) => row.id as string));
  // After the locks: what whoever had one before has written is seen.
  const heads = await tx.unsafe(
    `select s.*, to_json(m) as summary
       from sessions s left join agent_session_summary m on m.session_id = s.id
      where s.id = any($1::uuid[]) and s.projected_seq < s.seq`,
    [locked],
  );
  if (heads.length === 0) return [];
  const snapshots = await lastSnapshots(tx, heads);
  const stretches = heads.map((head) => ({
    id: head.id as string,
    after: snapshots.get(head.id)?.seq ?? (passes(head) ? 0 : head.projected_seq),
    upTo: lastOf(head),
  }));
  const events = await readStretches(tx, stretches);
  const rows = heads.map((head) => rowsOf(head, snapshots.get(head.id), events.get(head.id) ?? [], folds));
  await writeSessionRows(tx, rows);
  await tx.unsafe(
    `with mine as (
       select s.id, n.seq from unnest($1::uuid[], $2::int[]) n (id, seq) join sessions s on s.id = n.id
        where s.id = any($1::uuid[]) order by s.project_id, s.key for update of s)
     update sessions s set projected_seq = mine.seq from mine where s.id = mine.id and s.id = any($1::uuid[])`,
    [array(heads.map((head) => head.id)), array(heads.map(lastOf))],
  );
  return heads.map((head) => head.project_id as string);
}

const lastOf = ({ projected_seq, seq }: Row): number => Math.min(seq, projected_seq + STRETCH);

/** Its new events pass a number at which a snapshot is due. */
const passes = (head: Row): boolean =>
  Math.floor(lastOf(head) / SNAPSHOT_EVERY) > Math.floor(head.projected_seq / SNAPSHOT_EVERY);

/** Of the sessions to which a snapshot is added. */
async function lastSnapshots(tx: Sql, heads: readonly Row[]): Promise<Map<string, SessionState>> {
  const due = heads.filter((head) => passes(head) && head.projected_seq >= SNAPSHOT_EVERY);
  if (due.length === 0) return new Map();
  const rows = await tx.unsafe(
    `select n.id, s.state
       from unnest($1::uuid[], $2::int[]) n (id, seq)
      cross join lateral (select state from snapshots where stream_id = n.id and seq <= n.seq and version = $3
                           order by seq desc limit 1) s`,
    [array(due.map((head) => head.id)), array(due.map((head) => head.projected_seq)), STATE_VERSION],
  );
  return new Map(rows.map((row) => [row.id as string, reviveState(row.state)]));
}

interface Stretch {
  readonly id: string;
  readonly after: number;
  readonly upTo: number;
}

/** By session. The limit keeps the planner from reading the table whole. */
export async function readStretches(
  tx: Sql,
  stretches: readonly Stretch[],
): Promise<Map<string, StoredSessionEvent[]>> {
  const rows = await tx.unsafe(
    `select n.id, e.*
       from unnest($1::uuid[], $2::int[], $3::int[]) n (id, after, up_to)
      cross join lateral (
        select e.seq, e.type, e.version, e.at, e.data, b.data as spilled
          from events e left join blobs b on b.hash = e.blob and b.project_id = e.project_id
         where e.stream_id = n.id and e.seq > n.after
         order by e.seq limit n.up_to - n.after) e
      order by n.id, e.seq`,
    [
      array(stretches.map(({ id }) => id)),
      array(stretches.map(({ after }) => after)),
      array(stretches.map(({ upTo }) => upTo)),
    ],
  );
  const events = new Map<string, StoredSessionEvent[]>(stretches.map(({ id }) => [id, []]));
  for (const row of rows) events.get(row.id as string)?.push(toEvent(row));
  return events;
}

/** `events` may begin before what is new, where a snapshot is made. */
function rowsOf(
  head: Row,
  snapshot: SessionState | undefined,
  events: readonly StoredSessionEvent[],
  folds: SessionFolds,
): SessionRows {
  const fresh = events.filter(({ seq }) => seq > head.projected_seq);
  const before = head.summary === null ? blankSummary(head) : toSummary(head.summary);
  const summary = { ...folds.summary(before, fresh), category: head.category, tags: head.tags ?? [] };
  const timeline = fresh.flatMap((event) => folds.timeline(event) ?? []);
  const snapshots = passes(head) ? newSnapshots(snapshot ?? newState(), events, head.projected_seq) : [];
  return { summary, timeline, days: folds.days(fresh), snapshots };
}

/** As JSON, since the state goes on changing. */
function newSnapshots(from: SessionState, events: readonly StoredSessionEvent[], projected: number) {
  const made: { seq: number; state: string }[] = [];
  let state = from;
  for (const event of events) {
    state = evolve(state, event);
    if (event.seq % SNAPSHOT_EVERY === 0 && event.seq > projected) {
      made.push({ seq: event.seq, state: JSON.stringify(state) });
    }
  }
  return made;
}
