/**
 * Makes a projection of a project anew, a few sessions in a transaction, under the lock by which the projector too
 * writes them: readers see the old rows or the new ones, appends wait for nobody.
 */
import type { ProjectionName, SessionFolds, StoredSessionEvent } from '../../ports/sessions.ts';
import { array } from './columns.ts';
import { readStretches } from './project-sessions.ts';
import {
  addParts,
  addToDays,
  COUNT_COLUMNS,
  partsOf,
  type SessionRows,
  writeSummaries,
  writeTimelines,
} from './session-projections.ts';
import { blankSummary } from './session-rows.ts';
import type { Pool, Row, Sql } from './sql.ts';

interface Rebuild {
  readonly projectId: string;
  readonly projection: ProjectionName;
  readonly folds: SessionFolds;
  readonly progress: (done: number, of: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Sessions, and about how many events, of one transaction. */
const BATCH = 100;
const BATCH_EVENTS = 10_000;

export async function rebuildProjection(sql: Pool, rebuild: Rebuild): Promise<void> {
  const { projectId, projection, progress, signal } = rebuild;
  const [counted] = await sql`select count(*)::int as count from sessions where project_id = ${projectId}`;
  const of = counted?.count as number;
  progress(0, of);
  let done = 0;
  let after = '';
  for (;;) {
    if (signal?.aborted) return;
    const batch = await nextBatch(sql, projectId, after);
    if (batch.length === 0) break;
    await sql.begin((tx) => rebuildBatch(tx, batch, rebuild));
    after = batch.at(-1)?.key;
    done += batch.length;
    // Those that began meanwhile are not counted.
    progress(Math.min(done, of), of);
  }
  if (projection === 'agent_performance_daily') await sumUp(sql, projectId);
}

/** By key: the order of an index that begins with the project. */
async function nextBatch(sql: Sql, projectId: string, after: string): Promise<Row[]> {
  const rows = await sql`
    select id, key, projected_seq from sessions
     where project_id = ${projectId} and key > ${after} order by key limit ${BATCH}`;
  let events = 0;
  const fits = rows.findIndex((row) => {
    events += row.projected_seq as number;
    return events > BATCH_EVENTS;
  });
  return fits < 0 ? rows : rows.slice(0, Math.max(1, fits));
}

async function rebuildBatch(tx: Sql, batch: readonly Row[], { projection, folds }: Rebuild): Promise<void> {
  const ids = batch.map((row) => row.id as string).sort();
  await tx.unsafe('set local synchronous_commit = off');
  // The projector tries these locks and never waits for one, so nobody waits in a circle.
  await tx.unsafe(
    'select pg_advisory_xact_lock(hashtextextended(id::text, 0)) from (select id from unnest($1::uuid[]) n (id) order by id) o',
    [array(ids)],
  );
  const heads = await tx.unsafe('select * from sessions where id = any($1::uuid[]) and projected_seq > 0', [
    array(ids),
  ]);
  const events = await readStretches(
    tx,
    heads.map((head) => ({ id: head.id, after: 0, upTo: head.projected_seq })),
  );
  const rows = heads.map((head) => rowsOf(head, events.get(head.id) ?? [], folds));
  await REPLACE[projection](tx, ids, rows);
}

type Rows = Omit<SessionRows, 'snapshots'>;

function rowsOf(head: Row, events: readonly StoredSessionEvent[], folds: SessionFolds): Rows {
  const summary = { ...folds.summary(blankSummary(head), events), category: head.category, tags: head.tags ?? [] };
  return { summary, timeline: events.flatMap((event) => folds.timeline(event) ?? []), days: folds.days(events) };
}

type Replace = (tx: Sql, ids: readonly string[], rows: readonly Rows[]) => Promise<void>;

const REPLACE: { readonly [P in ProjectionName]: Replace } = {
  agent_session_summary: async (tx, _, rows) => {
    await writeSummaries(
      tx,
      rows.map(({ summary }) => summary),
    );
  },
  message_timeline: async (tx, ids, rows) => {
    await tx.unsafe('delete from message_timeline where session_id = any($1::uuid[])', [array(ids)]);
    await writeTimelines(tx, rows);
  },
  agent_performance_daily: async (tx, ids, rows) => {
    const gone = await tx.unsafe(
      `delete from agent_performance_parts where session_id = any($1::uuid[])
       returning project_id, session_id, agent, to_char(day, 'YYYY-MM-DD') as day,
                 ${COUNT_COLUMNS.map((one) => `-${one} as ${one}`).join(', ')}`,
      [array(ids)],
    );
    const parts = rows.flatMap(partsOf);
    await addParts(tx, parts);
    await addToDays(tx, [...gone, ...parts]);
  },
};

/**
 * Days as the sum of their parts, an agent at a time. A day is locked before its parts are read: whoever adds to both
 * has added to both by then, or adds to the day after it.
 */
async function sumUp(sql: Pool, projectId: string): Promise<void> {
  const agents = await sql`
    select agent from agent_performance_daily where project_id = ${projectId}
    union select agent from agent_performance_parts where project_id = ${projectId} order by agent`;
  const zeros = COUNT_COLUMNS.map(() => '0').join(', ');
  const sums = COUNT_COLUMNS.map((one) => `coalesce(sum(p.${one}), 0) as ${one}`).join(', ');
  for (const { agent } of agents) {
    const of = [projectId, agent];
    await sql.begin(async (tx) => {
      await tx.unsafe(
        `insert into agent_performance_daily (project_id, agent, day, ${COUNT_COLUMNS.join(', ')})
         select distinct project_id, agent, day, ${zeros} from agent_performance_parts
          where project_id = $1 and agent = $2 order by day
         on conflict do nothing`,
        of,
      );
      await tx.unsafe(
        'select 1 from agent_performance_daily where project_id = $1 and agent = $2 order by day for update',
        of,
      );
      await tx.unsafe(
        `update agent_performance_daily d
            set ${COUNT_COLUMNS.map((one) => `${one} = n.${one}`).join(', ')}
           from (select d.day, ${sums}
                   from agent_performance_daily d left join agent_performance_parts p using (project_id, agent, day)
                  where d.project_id = $1 and d.agent = $2 group by d.day) n
          where d.project_id = $1 and d.agent = $2 and d.day = n.day`,
        of,
      );
    });
  }
}
