/**
 * Starts what schedules are due. Any number of processes may do it: a schedule is in the hands of one, and its
 * executions, with keys made of trigger and time, are one transaction with the step to its next time. So each time
 * starts one execution, whoever dies in between.
 */
import { toErrorInfo } from '../core/errors.ts';
import { scheduleLane } from '../core/flow/ticket.ts';
import { DEFAULT_ZONE } from '../core/schedule/schedule.ts';
import { type Due, type Firing, takeDue } from '../core/schedule/take-due.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { DueSchedule, FiredSchedule } from '../ports/schedules.ts';
import type { Commit, NewSignal, Store } from '../ports/store.ts';
import type { Changed } from './changes.ts';
import { queuedStart } from './child.ts';
import { Loop } from './loop.ts';
import type { Plans } from './plans.ts';
import type { Stats } from './stats.ts';

export interface SchedulerOptions {
  readonly store: Store['schedules'];
  readonly plans: Plans;
  readonly runtime: Runtime;
  readonly stats: Stats;
  readonly changed?: Changed;
}

/** Schedules of one transaction, */
const BATCH = 100;
/** and executions that it starts: it is made up while the transaction stands open. */
const MOST_STARTS = 500;
/** Longest pause: the process that has a schedule in hand may die, and what it tells may be lost. */
const LOOK_MS = 5_000;
/** A start that is later than this is told of. */
const LATE_MS = 60_000;
/** How long a start is known by its key: by then nobody comes back to its time. */
const KEY_TTL_MS = 7 * 24 * 3_600_000;

export class Scheduler extends Loop {
  readonly #options: SchedulerOptions;

  constructor(options: SchedulerOptions) {
    super({ name: 'scheduler', runtime: options.runtime, round: () => this.#round() });
    this.#options = options;
  }

  async #round(): Promise<number> {
    const { store, runtime, changed } = this.#options;
    const now = runtime.now();
    let done: readonly Done[] = [];
    let isWhole = true;
    const { taken, nextAt } = await store.take(now, BATCH, async (due) => {
      const turns = this.#turns(due, now);
      isWhole = turns.length === due.length && turns.every((one) => one.isWhole);
      done = await Promise.all(turns.map((one) => this.#fire(one, now)));
      return done.map(({ fired }) => fired);
    });
    for (const one of done) this.#tell(one, now);
    for (const projectId of new Set(done.map(({ fired }) => fired.projectId))) {
      changed?.(projectId, ['executions', 'triggers']);
    }
    if (taken === BATCH || !isWhole) return 0;
    return nextAt === null ? LOOK_MS : Math.min(LOOK_MS, Math.max(1, nextAt - runtime.now()));
  }

  /** What each starts, as far as there is room; those for which there is none stay as they are. */
  #turns(due: readonly DueSchedule[], now: number): readonly Turn[] {
    const turns: Turn[] = [];
    let room = MOST_STARTS;
    for (const one of due) {
      const turn = this.#turn(one, now, room);
      room -= turn.starts.length;
      turns.push(turn);
      if (room === 0) break;
    }
    return turns;
  }

  #turn(due: DueSchedule, now: number, room: number): Turn {
    try {
      const { firings, next } = takeDue(due.config, due.triggerId, due.at, now);
      const all = withoutOverlap(due, firings);
      const rest = all[room];
      if (rest === undefined) return { due, starts: all, next, isWhole: true };
      return { due, starts: all.slice(0, room), next: { at: rest.at, dueAt: rest.dueAt }, isWhole: false };
    } catch (thrown) {
      // Such as a time zone that this server does not know. Without a time it is in nobody's way.
      const error = toErrorInfo(thrown, 'internal');
      this.#options.runtime.log.error({ ...about(due), error }, 'a schedule has no times; save or activate it anew');
      return { due, starts: [], next: null, isWhole: true };
    }
  }

  async #fire({ due, starts, next }: Turn, now: number): Promise<Done> {
    const { triggerId, projectId } = due;
    try {
      const commits = await Promise.all(starts.map((one) => this.#commit(due, one, now)));
      const lastAt = starts.at(-1)?.at;
      return { due, starts, fired: { triggerId, projectId, commits, next, ...(lastAt !== undefined && { lastAt }) } };
    } catch (thrown) {
      const error = toErrorInfo(thrown, 'internal');
      if (error.code === 'store_unavailable') throw thrown;
      // Those of others start all the same, and so do its next.
      this.#options.runtime.log.error({ ...about(due), error }, 'a schedule could not start an execution');
      return { due, starts: [], fired: { triggerId, projectId, commits: [], next } };
    }
  }

  async #commit(due: DueSchedule, { at, missed }: Firing, now: number): Promise<Commit> {
    const { plans, runtime } = this.#options;
    const { triggerId, projectId, workflowId, version, name, config, active } = due;
    const { timezone = DEFAULT_ZONE, overlap } = config;
    const plan = await plans.get(projectId, workflowId, version);
    const [scheduledAt, firedAt] = [new Date(at).toISOString(), new Date(now).toISOString()];
    const trigger = { scheduledAt, firedAt, timezone, ...(missed !== undefined && { missed }) };
    const env = { now, id: () => runtime.id(), random: () => runtime.random() };
    const commit = queuedStart(env, {
      ...{ executionId: runtime.id(), projectId, plan, triggerId: name, trigger },
      key: { key: JSON.stringify(['schedule', triggerId, at]), expiresAt: now + KEY_TTL_MS },
      ...(overlap === 'queue' && { gate: { lane: scheduleLane(workflowId, name), limit: 1, perMs: null } }),
    });
    return overlap === 'cancel_previous' ? { ...commit, posts: active.map((id) => cancel(projectId, id)) } : commit;
  }

  #tell({ due, starts }: Done, now: number): void {
    const { stats, runtime } = this.#options;
    for (const { at, dueAt, missed } of starts) {
      const lateMs = now - dueAt;
      stats.countScheduled(lateMs > LATE_MS);
      if (lateMs <= LATE_MS) continue;
      const times = { scheduledAt: new Date(at).toISOString(), lateMs, ...(missed !== undefined && { missed }) };
      runtime.log.warn({ ...about(due), ...times }, 'a schedule started an execution late');
    }
  }
}

interface Turn {
  readonly due: DueSchedule;
  readonly starts: readonly Firing[];
  /** Null: none comes any more. */
  readonly next: Due | null;
  /** False: some of its starts are left for the next round. */
  readonly isWhole: boolean;
}

interface Done {
  readonly due: DueSchedule;
  readonly starts: readonly Firing[];
  readonly fired: FiredSchedule<Commit>;
}

/** Of several times at once, one starts where executions must not overlap. */
function withoutOverlap({ config, active }: DueSchedule, firings: readonly Firing[]): readonly Firing[] {
  if (config.overlap === 'skip') return active.length > 0 ? [] : firings.slice(0, 1);
  return config.overlap === 'cancel_previous' ? firings.slice(-1) : firings;
}

function cancel(projectId: string, executionId: string): NewSignal {
  return { executionId, projectId, signal: { type: 'cancel', reason: 'the next time of its schedule has come' } };
}

function about({ projectId, workflowId, triggerId, name }: DueSchedule) {
  return { projectId, workflowId, triggerId, trigger: name };
}
