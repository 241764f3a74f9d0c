/** Polls in memory. */
import { gapOf, sourceOf, stampOf } from '../../core/poll/config.ts';
import { MOST_KEPT, tooManyKept } from '../../core/poll/select.ts';
import type { DuePoll, PollRow, PollStep, PollTurn, TakenPolls } from '../../ports/polls.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Commit, Store } from '../../ports/store.ts';
import { commit } from './commit.ts';
import { type Database, type WorkflowRecord, wake } from './database.ts';
import type { PollRecord } from './poll-record.ts';

export function pollStore(database: Database, runtime: Pick<Runtime, 'now'>): Store['polls'] {
  return {
    take: async (now, until, limit) => take(database, now, until, limit),
    seen: async ({ triggerId }, ids) => {
      const { items } = database.polls.get(triggerId) ?? { items: new Map<string, string>() };
      return new Map(ids.flatMap((id) => (items.has(id) ? [[id, items.get(id) as string] as const] : [])));
    },
    step: async (turn, step) => writeStep(database, runtime.now(), turn, step),
    list: async () =>
      [...database.polls]
        .filter(([, { dueAt }]) => dueAt !== null)
        .map(([triggerId, { projectId, polledAt, error }]): PollRow => {
          return { triggerId, projectId, polledAt, error: error === null ? null : JSON.parse(error) };
        })
        .sort((a, b) => (a.triggerId < b.triggerId ? -1 : 1)),
    hurry: async (projectId, triggerId, now) => {
      const found = database.polls.get(triggerId);
      if (found === undefined || found.projectId !== projectId || found.dueAt === null) return false;
      if (found.heldUntil === null) database.polls.set(triggerId, { ...found, dueAt: now });
      wake(database, 'schedules');
      return true;
    },
  };
}

/** Brings the polls of a workflow in line with its triggers. */
export function writePolls(database: Database, workflow: WorkflowRecord, now: number): void {
  const triggers = workflow.triggers.filter(({ type }) => type === 'poll');
  for (const [id, { workflowId }] of database.polls) {
    if (workflowId === workflow.id && !triggers.some((one) => one.id === id)) database.polls.delete(id);
  }
  for (const { id, config: text } of triggers) {
    const config = JSON.parse(text);
    const [source, stamp, gapMs] = [sourceOf(config), stampOf(config), gapOf(config) || null];
    const dueAt = workflow.status === 'active' ? now : null;
    const before = database.polls.get(id);
    const from = JSON.stringify(config.from ?? null);
    const record =
      before?.source === source
        ? kept(before, { stamp, gapMs, dueAt, from })
        : anew(workflow, before, { source, stamp, gapMs, dueAt, from });
    database.polls.set(id, record);
  }
  if (triggers.length > 0) wake(database, 'schedules');
}

interface Written {
  readonly source: string;
  readonly stamp: string;
  readonly gapMs: number | null;
  readonly dueAt: number | null;
  readonly from: string;
}

/** Whoever has it in hand with another config writes nothing more. */
function kept(before: PollRecord, { stamp, gapMs, dueAt, from }: Omit<Written, 'source'>): PollRecord {
  const isChanged = before.stamp !== stamp;
  const failures = isChanged ? 0 : before.failures;
  const freeAt = gapMs === null ? null : before.freeAt;
  const now = { ...before, stamp, gapMs, freeAt, failures, cursor: before.begun ? before.cursor : from };
  if (dueAt === null || isChanged) return { ...now, dueAt, heldUntil: null, turn: before.turn + 1 };
  return { ...now, dueAt: before.dueAt ?? dueAt };
}

function anew(
  { id: workflowId, projectId }: WorkflowRecord,
  before: PollRecord | undefined,
  { source, stamp, gapMs, dueAt, from }: Written,
): PollRecord {
  return {
    ...{
      projectId,
      workflowId,
      source,
      stamp,
      gapMs,
      freeAt: null,
      dueAt,
      cursor: from,
      turn: (before?.turn ?? -1) + 1,
    },
    ...{ heldUntil: null, polledAt: null, begun: false, failures: 0, error: null, items: new Map() },
  };
}

function take(database: Database, now: number, until: number, limit: number): TakenPolls {
  const waiting = [...database.polls].flatMap(([triggerId, one]) =>
    one.dueAt === null
      ? []
      : [{ triggerId, one, dueAt: one.dueAt, at: Math.max(one.dueAt, one.heldUntil ?? 0, one.freeAt ?? 0) }],
  );
  const taken = waiting
    .filter(({ at }) => at <= now)
    .sort((a, b) => a.dueAt - b.dueAt)
    .slice(0, limit)
    .map(({ triggerId, one }) => {
      const freeAt = one.gapMs === null ? null : now + one.gapMs;
      const held = { ...one, heldUntil: until, freeAt, turn: one.turn + 1 };
      database.polls.set(triggerId, held);
      return toDue(database, triggerId, held);
    });
  const mine = taken.map(() => until);
  const others = waiting.filter(({ triggerId }) => !taken.some((one) => one.triggerId === triggerId));
  const later = [...mine, ...others.map(({ at }) => at)].filter((at) => at > now);
  return { taken, nextAt: later.length === 0 ? null : Math.min(...later) };
}

function toDue(database: Database, triggerId: string, poll: PollRecord): DuePoll {
  const { projectId, workflowId, turn, begun, failures } = poll;
  const { name: workflowName, version, triggers } = database.workflows.get(workflowId) as WorkflowRecord;
  const { name, config } = triggers.find(({ id }) => id === triggerId) as WorkflowRecord['triggers'][number];
  const trigger = { id: triggerId, projectId, workflowId, workflowName, version, name, config: JSON.parse(config) };
  return { triggerId, projectId, turn, trigger, cursor: JSON.parse(poll.cursor), begun, failures };
}

function writeStep(
  database: Database,
  now: number,
  { triggerId, projectId, turn }: PollTurn,
  { commits, cursor, error, forget, remember, ...rest }: PollStep<Commit>,
): boolean {
  const before = database.polls.get(triggerId);
  if (before?.projectId !== projectId || before.turn !== turn) return false;
  const items = new Map(forget ? [] : before.items);
  for (const { id, hash } of remember) items.set(id, hash);
  if (items.size > MOST_KEPT) throw tooManyKept();
  commit(database, now, commits);
  const texts = { cursor: JSON.stringify(cursor), error: error === null ? null : JSON.stringify(error) };
  database.polls.set(triggerId, { ...before, ...rest, ...texts, heldUntil: null, turn: turn + 1, items });
  return true;
}
