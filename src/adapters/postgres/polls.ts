/** Polls: written with their triggers, taken when they are due, and ended by who has the turn. */
import { gapOf, type PollConfig, sourceOf, stampOf } from '../../core/poll/config.ts';
import { type Cursor, MOST_KEPT, tooManyKept } from '../../core/poll/select.ts';
import type { DuePoll, PollRow, PollStep, PollTurn, TakenPolls } from '../../ports/polls.ts';
import type { Commit, Store } from '../../ports/store.ts';
import { array } from './columns.ts';
import { writeCommits } from './commit.ts';
import { guarded } from './failures.ts';
import type { Pool, Sql } from './sql.ts';
import { keptTriggers } from './timed-triggers.ts';
import { notify } from './wake.ts';

export function pollStore(sql: Pool): Store['polls'] {
  return {
    take: (now, until, limit) => guarded(() => take(sql, now, until, limit)),
    seen: ({ triggerId, projectId }, ids) =>
      guarded(async () => {
        const rows = await sql`
          select item, hash from poll_items
           where trigger_id = ${triggerId} and project_id = ${projectId} and item = any(${[...ids]}::text[])`;
        return new Map(rows.map((row) => [row.item as string, row.hash as string]));
      }),
    step: (turn, step) => guarded(() => sql.begin((tx) => writeStep(tx, turn, step))),
    list: () =>
      guarded(async () => {
        const rows = await sql`
          select trigger_id, project_id, polled_at, error from poll_states where due_at is not null order by trigger_id`;
        return rows.map(
          (row): PollRow => ({
            triggerId: row.trigger_id as string,
            projectId: row.project_id as string,
            polledAt: row.polled_at as number | null,
            error: row.error as PollRow['error'],
          }),
        );
      }),
    hurry: (projectId, triggerId, now) =>
      guarded(async () => {
        const rows = await sql`
          update poll_states set due_at = case when held_until is null then ${now} else due_at end
           where trigger_id = ${triggerId} and project_id = ${projectId} and due_at is not null returning 1 as one`;
        if (rows.length > 0) await notify(sql, 'schedules');
        return rows.length > 0;
      }),
  };
}

/**
 * Brings the polls of a workflow in line with its triggers. One whose source is the same goes on where it was, at once
 * where it says something else.
 */
export async function writePolls(
  tx: Sql,
  projectId: string,
  workflowId: string,
  isActive: boolean,
  now: number,
): Promise<void> {
  const triggers = await keptTriggers(tx, { projectId, workflowId, type: 'poll', table: 'poll_states' });
  for (const row of triggers) await writePoll(tx, { projectId, workflowId, row, dueAt: isActive ? now : null });
  if (triggers.length > 0) await notify(tx, 'schedules');
}

interface Written {
  readonly projectId: string;
  readonly workflowId: string;
  readonly row: Record<string, unknown>;
  readonly dueAt: number | null;
}

async function writePoll(tx: Sql, { projectId, workflowId, row, dueAt }: Written): Promise<void> {
  const id = row.id as string;
  const { from = null } = row.config as { readonly from?: Cursor };
  const config = row.config as Readonly<Record<string, unknown>>;
  const [source, stamp, gapMs] = [sourceOf(config), stampOf(config), gapMsOf(config)];
  const cursor = JSON.stringify(from);
  const [before] = await tx`
    select source, config from poll_states where trigger_id = ${id} and project_id = ${projectId} for update`;
  if (before?.source === source) {
    // Whoever has it in hand has another config, and writes nothing more.
    const isOver = dueAt === null || before.config !== stamp;
    await tx`
      update poll_states
         set turn = turn + case when ${isOver} then 1 else 0 end,
             held_until = case when ${isOver} then null else held_until end,
             due_at = case when due_at is null or ${isOver} then ${dueAt}::bigint else due_at end,
             failures = case when config = ${stamp} then failures else 0 end, config = ${stamp},
             gap_ms = ${gapMs}::bigint, free_at = case when ${gapMs}::bigint is null then null else free_at end,
             cursor = case when begun then cursor else ${cursor}::text::json end
       where trigger_id = ${id} and project_id = ${projectId}`;
    return;
  }
  await tx`delete from poll_items where trigger_id = ${id} and project_id = ${projectId}`;
  await tx`
    insert into poll_states (trigger_id, project_id, workflow_id, source, config, gap_ms, due_at, cursor)
    values (${id}, ${projectId}, ${workflowId}, ${source}, ${stamp}, ${gapMs}::bigint, ${dueAt}::bigint,
            ${cursor}::text::json)
    on conflict (trigger_id) do update
       set source = excluded.source, config = excluded.config, gap_ms = excluded.gap_ms, free_at = null,
           due_at = excluded.due_at, cursor = excluded.cursor, held_until = null,
           turn = poll_states.turn + 1, polled_at = null, begun = false, failures = 0, error = null`;
}

/** Null: it has no rate. A version of before may say what this one does not take. */
function gapMsOf(config: Partial<PollConfig>): number | null {
  return gapOf(config) || null;
}

async function take(sql: Pool, now: number, until: number, limit: number): Promise<TakenPolls> {
  const rows = await sql`
    with due as (
      select trigger_id from poll_states
       where due_at <= ${now} and (held_until is null or held_until <= ${now}) and (free_at is null or free_at <= ${now})
       order by due_at limit ${limit}
         for update skip locked)
    update poll_states s set held_until = ${until}, turn = s.turn + 1, free_at = ${now} + gap_ms
      from due, triggers t, workflows w
     where s.trigger_id = due.trigger_id and t.id = s.trigger_id and t.project_id = s.project_id
       and w.id = s.workflow_id and w.project_id = s.project_id
    returning s.*, t.name, t.config, w.version, w.name as workflow_name`;
  const [next] = await sql`
    select min(greatest(due_at, held_until, free_at)) as at from poll_states where due_at is not null
       and greatest(due_at, held_until, free_at) > ${now}`;
  return { taken: rows.map(toDue).sort((a, b) => a.dueAt - b.dueAt), nextAt: next?.at as number | null };
}

function toDue(row: Record<string, unknown>): DuePoll & { readonly dueAt: number } {
  const [triggerId, projectId] = [row.trigger_id as string, row.project_id as string];
  return {
    ...{ triggerId, projectId, turn: row.turn as number, dueAt: row.due_at as number },
    trigger: {
      ...{ id: triggerId, projectId, workflowId: row.workflow_id as string },
      workflowName: row.workflow_name as string,
      version: row.version as number,
      name: row.name as string,
      config: row.config as Record<string, unknown>,
    },
    cursor: row.cursor as Cursor | null,
    begun: row.begun as boolean,
    failures: row.failures as number,
  };
}

async function writeStep(tx: Sql, { triggerId, projectId, turn }: PollTurn, step: PollStep<Commit>): Promise<boolean> {
  const { dueAt, freeAt, polledAt, begun, cursor, failures, error, forget, remember } = step;
  const rows = await tx`
    update poll_states
       set due_at = ${dueAt}, free_at = ${freeAt}::bigint, held_until = null, turn = turn + 1,
           polled_at = ${polledAt}, begun = ${begun},
           cursor = ${JSON.stringify(cursor)}::text::json, failures = ${failures},
           error = ${error === null ? null : JSON.stringify(error)}::text::json
     where trigger_id = ${triggerId} and project_id = ${projectId} and turn = ${turn} returning 1 as one`;
  if (rows.length === 0) return false;
  if (forget) await tx`delete from poll_items where trigger_id = ${triggerId} and project_id = ${projectId}`;
  if (remember.length > 0) await keep(tx, triggerId, projectId, remember);
  await writeCommits(tx, step.commits);
  return true;
}

async function keep(
  tx: Sql,
  triggerId: string,
  projectId: string,
  remember: PollStep<Commit>['remember'],
): Promise<void> {
  await tx`
    insert into poll_items (trigger_id, project_id, item, hash)
    select ${triggerId}::uuid, ${projectId}::uuid, item, hash
      from unnest(${array(remember.map(({ id }) => id))}::text[], ${array(remember.map(({ hash }) => hash))}::text[])
             n (item, hash)
    on conflict (trigger_id, item) do update set hash = excluded.hash`;
  const [row] = await tx`
    select count(*)::int as count from poll_items where trigger_id = ${triggerId} and project_id = ${projectId}`;
  if ((row?.count as number) > MOST_KEPT) throw tooManyKept();
}
