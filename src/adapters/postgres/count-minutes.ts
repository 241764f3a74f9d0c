/**
 * Counts minutes of executions anew, from their rows. A minute is replaced as a whole, so counting it again changes
 * nothing; how far minutes are settled stands in the same transaction.
 */
import { DURATION_BOUNDS } from '../../core/durations.ts';
import { type Counted, type CountOptions, HOUR_MS, MINUTE_MS } from '../../ports/figures.ts';
import { array } from './columns.ts';
import { lookAtLevels, WHOLE } from './execution-levels.ts';
import { bound } from './partitions.ts';
import type { Pool, Row, Sql } from './sql.ts';

/** "figures" in ASCII: who holds this advisory lock counts. */
const LOCK = '28826340697466227';
/** An id begins with the time it was made; the process that made it says when it was created, a moment later. */
const CLOCK_SKEW_MS = 60_000;

export async function countMinutes(sql: Pool, options: CountOptions): Promise<Counted | null> {
  const { minutes, settleMs, settles, since, looks = false } = options;
  return await sql.begin(async (tx) => {
    const [turn] = await tx`
      select pg_try_advisory_xact_lock(${LOCK}::bigint) as mine,
             (extract(epoch from clock_timestamp()) * 1000)::bigint as now,
             (select up_to from execution_minutes_settled) as settled`;
    if (turn?.mine !== true) return null;
    const now = turn.now as number;
    if (looks) await lookAtLevels(tx, now);
    const from = (turn.settled as number | null) ?? (await firstMinute(tx, since, now));
    const end = floor(now, MINUTE_MS) + MINUTE_MS;
    const to = Math.min(end, from + minutes * MINUTE_MS);
    if (to <= from) return { behind: false };
    const takenBack = await replaceMinutes(tx, from, to);
    await correctHours(tx, takenBack);
    const changed = await replaceHours(tx, floor(from, HOUR_MS), floor(to - 1, HOUR_MS) + HOUR_MS);
    await replaceDays(tx, [...changed, ...takenBack], floor(now, HOUR_MS) - 23 * HOUR_MS);
    const settled = Math.max(from, Math.min(to, floor(now - settleMs, MINUTE_MS)));
    if (settles) await settle(tx, settled);
    return { behind: settles && to < end };
  });
}

const floor = (ms: number, step: number): number => Math.floor(ms / step) * step;

/** That of the oldest execution there is, or `since`. */
async function firstMinute(tx: Sql, since: number, now: number): Promise<number> {
  const [row] = await tx`select min(created_at) as at from (
    select created_at from workflow_executions where id >= ${bound(since)} order by id limit 1) first`;
  return floor(Math.max(since, Math.min(now, (row?.at as number | null) ?? now)), MINUTE_MS);
}

async function settle(tx: Sql, upTo: number): Promise<void> {
  await tx`
    insert into execution_minutes_settled (up_to) values (${upTo})
    on conflict (one) do update set up_to = excluded.up_to where execution_minutes_settled.up_to < excluded.up_to`;
}

/**
 * Rows that are as they were are not written again. Each is counted for its workflow and for its project.
 *
 * An execution that was led on has not ended where it ended first: that is taken out of its minute, where it would be
 * counted no more, instead of a minus in the minute in which it was led on. So no sum is ever negative, whatever times
 * it is over, each execution has one end at most, and a chart shows no failure that was mended. In a minute that is
 * counted here, or will be, its row says so already. Both are read in one statement: an execution that is led on
 * meanwhile is seen in both or in none. Answers what was taken back, by workflow and minute.
 */
async function replaceMinutes(tx: Sql, from: number, to: number): Promise<Row[]> {
  return await tx`
    with one as (
      select project_id, workflow_id, created_at as at, 1 as started, null as status, null::bigint as ms
        from workflow_executions
       where id >= ${bound(from - CLOCK_SKEW_MS)} and id < ${bound(to + CLOCK_SKEW_MS)}
         and created_at >= ${from} and created_at < ${to}
      union all
      select project_id, workflow_id, finished_at, 0, status,
             case when status = 'completed' then greatest(0, finished_at - coalesce(led_on_at, started_at, created_at)) end
        from workflow_executions
       where finished_at >= ${from} and finished_at < ${to}),
    -- Few rows are left of very many before anything else is done with them.
    bucket as materialized (
      select project_id, workflow_id, at - at % ${MINUTE_MS}::bigint as at,
             width_bucket(ms, ${array(DURATION_BOUNDS)}::bigint[]) as bucket,
             sum(started) as started,
             count(*) filter (where status = 'completed') as completed,
             count(*) filter (where status in ('failed', 'compensation_failed')) as failed,
             count(*) filter (where status = 'compensated') as compensated,
             count(*) filter (where status = 'canceled') as canceled,
             coalesce(sum(ms), 0) as duration_ms
        from one group by 1, 2, 3, 4),
    each as (
      select project_id, coalesce(workflow_id, ${WHOLE}::uuid) as workflow_id, at, bucket,
             sum(started) as started, sum(completed) as completed, sum(failed) as failed,
             sum(compensated) as compensated, sum(canceled) as canceled, sum(duration_ms) as duration_ms
        from bucket group by grouping sets ((project_id, workflow_id, at, bucket), (project_id, at, bucket))),
    fresh as materialized (
      select project_id, workflow_id, at, sum(started)::int as started, sum(completed)::int as completed,
             sum(failed)::int as failed, sum(compensated)::int as compensated, sum(canceled)::int as canceled,
             sum(duration_ms)::bigint as duration_ms,
             coalesce(string_agg(bucket || ':' || completed, ' ' order by bucket), '') as durations
        from each group by 1, 2, 3),
    gone as (
      delete from execution_minutes m
       where m.at >= ${from} and m.at < ${to}
         and not exists (select from fresh f where f.project_id = m.project_id and f.workflow_id = m.workflow_id
                                               and f.at = m.at)),
    written as (
      insert into execution_minutes as m (${columns(tx)}) select ${columns(tx)} from fresh
      on conflict (project_id, workflow_id, at) do update set ${replaced(tx)} where m is distinct from excluded),
    reopened as (delete from execution_reopenings returning project_id, workflow_id, ended_at),
    taken_back as (
      select project_id, coalesce(workflow_id, ${WHOLE}::uuid) as workflow_id, at, count(*)::int as failed
        from (select project_id, workflow_id, ended_at - ended_at % ${MINUTE_MS}::bigint as at from reopened) r
       where at < ${from}
       group by grouping sets ((project_id, workflow_id, at), (project_id, at))),
    corrected as (
      update execution_minutes m set failed = greatest(0, m.failed - t.failed) from taken_back t
       where m.project_id = t.project_id and m.workflow_id = t.workflow_id and m.at = t.at)
    select project_id, workflow_id, at, failed from taken_back`;
}

/** Hours whose minutes are counted no more. Those that are made anew afterwards, from their minutes, are right anyway. */
async function correctHours(tx: Sql, takenBack: readonly Row[]): Promise<void> {
  if (takenBack.length === 0) return;
  const column = (name: string) => array(takenBack.map((row) => row[name] as string | number));
  await tx`
    update execution_hours h set failed = greatest(0, h.failed - t.failed)
      from (select project_id, workflow_id, at - at % ${HOUR_MS}::bigint as at, sum(failed)::int as failed
              from unnest(${column('project_id')}::uuid[], ${column('workflow_id')}::uuid[], ${column('at')}::bigint[],
                          ${column('failed')}::int[]) n (project_id, workflow_id, at, failed)
             group by 1, 2, 3) t
     where h.project_id = t.project_id and h.workflow_id = t.workflow_id and h.at = t.at`;
}

/** From the minutes, of which none is missing by then. Answers the workflows in which something is not as it was. */
async function replaceHours(tx: Sql, from: number, to: number): Promise<Row[]> {
  return await tx`
    with fresh as materialized (
      select project_id, workflow_id, at - at % ${HOUR_MS}::bigint as at, sum(started)::int as started,
             sum(completed)::int as completed, sum(failed)::int as failed, sum(compensated)::int as compensated,
             sum(canceled)::int as canceled, sum(duration_ms)::bigint as duration_ms, string_agg(nullif(durations, ''), ' ') as durations
        from execution_minutes where at >= ${from} and at < ${to} group by 1, 2, 3),
    gone as (
      delete from execution_hours h
       where h.at >= ${from} and h.at < ${to}
         and not exists (select from fresh f where f.project_id = h.project_id and f.workflow_id = h.workflow_id
                                               and f.at = h.at)
      returning project_id, workflow_id),
    written as (
    insert into execution_hours as h (${columns(tx)})
    select project_id, workflow_id, at, started, completed, failed, compensated, canceled, duration_ms,
           ${summedUp(tx)}
      from fresh
    on conflict (project_id, workflow_id, at) do update set ${replaced(tx)} where h is distinct from excluded
    returning h.project_id, h.workflow_id)
    select * from gone union select * from written`;
}

/** From the hours of a day. Of workflows only. */
async function replaceDays(tx: Sql, changed: readonly Row[], since: number): Promise<void> {
  if (changed.length === 0) return;
  await tx`
    insert into execution_days (project_id, workflow_id, at, hours, durations)
    select project_id, workflow_id, at, hours, ${summedUp(tx)} from (
    select project_id, workflow_id, max(at) as at,
           json_agg(json_build_array(at, started, completed, failed, compensated, canceled) order by at) as hours,
           string_agg(nullif(durations, ''), ' ') as durations
      from (select distinct * from unnest(
              ${array(changed.map((row) => row.project_id))}::uuid[],
              ${array(changed.map((row) => row.workflow_id))}::uuid[]) n (project_id, workflow_id)
             where workflow_id <> ${WHOLE}) changed
      join execution_hours using (project_id, workflow_id)
     where at >= ${since}
     group by 1, 2) day
    on conflict (project_id, workflow_id) do update
       set at = excluded.at, hours = excluded.hours, durations = excluded.durations`;
}

const columns = (tx: Sql) =>
  tx`project_id, workflow_id, at, started, completed, failed, compensated, canceled, duration_ms, durations`;

const replaced = (tx: Sql) => tx`
  started = excluded.started, completed = excluded.completed, failed = excluded.failed,
  compensated = excluded.compensated, canceled = excluded.canceled,
  duration_ms = excluded.duration_ms, durations = excluded.durations`;

/** The column `durations`, which has buckets several times, with each once. */
const summedUp = (tx: Sql) => tx`
  coalesce((select string_agg(bucket || ':' || count, ' ')
              from (select split_part(pair, ':', 1)::int as bucket, sum(split_part(pair, ':', 2)::int) as count
                      from unnest(string_to_array(durations, ' ')) pair group by 1 order by 1) b), '')`;
