/** Schedules in memory. `inHand` stands for the locks of those that some process fires. */
import { hasEnded } from '../../core/execution/index.ts';
import type { ScheduleConfig } from '../../core/schedule/schedule.ts';
import { firstDue } from '../../core/schedule/take-due.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { DueSchedule, FiredSchedule, TakenSchedules } from '../../ports/schedules.ts';
import type { Commit, Store } from '../../ports/store.ts';
import { commit } from './commit.ts';
import { type Database, type ScheduleRecord, type WorkflowRecord, wake } from './database.ts';

export function scheduleStore(database: Database, runtime: Pick<Runtime, 'now'>): Store['schedules'] {
  return {
    take: (now, limit, fire) => take(database, runtime, now, limit, fire),
    lateness: async (now) => {
      const [first] = inOrder(database);
      return first === undefined ? 0 : Math.max(0, now - first.dueAt);
    },
  };
}

/** Brings the schedules of a workflow in line with its triggers. */
export function writeSchedules(database: Database, workflow: WorkflowRecord, now: number): void {
  const triggers = workflow.triggers.filter(({ type }) => type === 'schedule');
  for (const [id, { workflowId }] of database.schedules) {
    if (workflowId === workflow.id && !triggers.some((one) => one.id === id)) database.schedules.delete(id);
  }
  for (const { id, config } of triggers) {
    const first = workflow.status === 'active' ? firstDue(JSON.parse(config), id, now) : null;
    const before = database.schedules.get(id);
    const isKept = before?.config === config && before.next !== null && first !== null;
    const { id: workflowId, projectId } = workflow;
    const next = isKept ? before.next : first;
    database.schedules.set(id, { projectId, workflowId, config, next, lastAt: before?.lastAt ?? null, inHand: false });
  }
  if (triggers.length > 0) wake(database, 'schedules');
}

interface Waiting extends ScheduleRecord {
  readonly triggerId: string;
  readonly dueAt: number;
}

function inOrder(database: Database): Waiting[] {
  return [...database.schedules]
    .flatMap(([triggerId, one]) => (one.next === null ? [] : [{ ...one, triggerId, dueAt: one.next.dueAt }]))
    .sort((a, b) => a.dueAt - b.dueAt);
}

async function take(
  database: Database,
  runtime: Pick<Runtime, 'now'>,
  now: number,
  limit: number,
  fire: (due: readonly DueSchedule[]) => Promise<readonly FiredSchedule<Commit>[]>,
): Promise<TakenSchedules> {
  const mine = inOrder(database)
    .filter(({ dueAt, inHand }) => dueAt <= now && !inHand)
    .slice(0, limit);
  for (const { triggerId } of mine) change(database, triggerId, { inHand: true });
  try {
    const fired = mine.length === 0 ? [] : await fire(mine.map((one) => toDue(database, one)));
    commit(
      database,
      runtime.now(),
      fired.flatMap((one) => one.commits),
    );
    for (const { triggerId, next, lastAt } of fired) {
      // Whoever wrote it meanwhile has said when it is due.
      if (database.schedules.get(triggerId)?.inHand !== true) continue;
      change(database, triggerId, { next, ...(lastAt !== undefined && { lastAt }) });
    }
  } finally {
    for (const { triggerId } of mine) change(database, triggerId, { inHand: false });
  }
  const nextAt = inOrder(database).find(({ dueAt }) => dueAt > now)?.dueAt ?? null;
  return { taken: mine.length, nextAt };
}

function change({ schedules }: Database, triggerId: string, to: Partial<ScheduleRecord>): void {
  const present = schedules.get(triggerId);
  if (present !== undefined) schedules.set(triggerId, { ...present, ...to });
}

function toDue(database: Database, { triggerId, projectId, workflowId, config: text, next }: Waiting): DueSchedule {
  const workflow = database.workflows.get(workflowId) as WorkflowRecord;
  const name = workflow.triggers.find(({ id }) => id === triggerId)?.name as string;
  const config: ScheduleConfig = JSON.parse(text);
  const asks = config.overlap === 'skip' || config.overlap === 'cancel_previous';
  const active = [...database.executions.values()].filter(
    (one) =>
      asks && one.workflowId === workflowId && one.triggerId === name && one.version > 0 && !hasEnded(one.status),
  );
  return {
    ...{ triggerId, projectId, workflowId, version: workflow.version, name, config, at: next?.at as number },
    active: active.map(({ id }) => id).sort(),
  };
}
