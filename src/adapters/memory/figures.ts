/** Figures over time; hours are added up when they are read. */
import { bucketOf, parseDurations, printDurations } from '../../core/durations.ts';
import { hasEnded, type Status } from '../../core/execution/index.ts';
import {
  type Counted,
  type CountOptions,
  type FigureRow,
  type FigureStore,
  HOUR_MS,
  type LevelRow,
  MINUTE_MS,
  type Present,
  type SeriesQuery,
  type WorkflowFigures,
} from '../../ports/figures.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Database, ExecutionRecord, LevelRecord, MinuteRecord } from './database.ts';

export function figureStore(database: Database, runtime: Pick<Runtime, 'now'>): FigureStore {
  return {
    count: async (options) => count(database, runtime.now(), options),
    series: async (query) => series(database, query),
    levels: async (query) => levels(database, query),
    present: async (projectId, workflowId, limit) => {
      const there = presentOf([...database.executions.values()].filter((one) => fits(one, projectId, workflowId)));
      const upTo = (count: number) => Math.min(limit, count);
      const { queued, held, running, waiting } = there;
      return { queued: upTo(queued), held: upTo(held), running: upTo(running), waiting: upTo(waiting) };
    },
    workflows: async (projectId, since, { after = '', limit }) =>
      workflows(database, projectId, since)
        .filter(({ workflowName }) => workflowName > after)
        .slice(0, limit),
    forget: async (before) => {
      for (const [place, { at }] of database.minutes) if (at < before) database.minutes.delete(place);
      database.levels = database.levels.filter(({ at }) => at >= before);
    },
  };
}

type Those = LevelRecord['those'];

function presentOf(those: Those): Present {
  const of = (statuses: readonly Status[], held?: boolean) =>
    those.filter((one) => statuses.includes(one.status) && (held ?? one.held) === one.held).length;
  return {
    queued: of(['pending'], false),
    held: of(['pending'], true),
    running: of(['running', 'compensating']),
    waiting: of(['waiting']),
  };
}

function levels(database: Database, { projectId, workflowId, from, to, stepMs }: SeriesQuery): LevelRow[] {
  const rows = new Map<number, LevelRow>();
  for (const { at: time, those } of database.levels) {
    if (time < from || time >= to) continue;
    const at = floor(time, stepMs);
    const now = presentOf(those.filter((one) => fits(one, projectId, workflowId)));
    const most = rows.get(at) ?? { at, ...now };
    rows.set(at, {
      at,
      queued: Math.max(most.queued, now.queued),
      held: Math.max(most.held, now.held),
      running: Math.max(most.running, now.running),
      waiting: Math.max(most.waiting, now.waiting),
    });
  }
  return [...rows.values()];
}

const floor = (ms: number, step: number): number => Math.floor(ms / step) * step;

const fits = (one: { projectId: string; workflowId: string }, projectId: string, workflowId?: string): boolean =>
  one.projectId === projectId && (workflowId ?? one.workflowId) === one.workflowId;

function count(database: Database, now: number, options: CountOptions): Counted {
  const { minutes, settleMs, settles, since, looks = false } = options;
  if (looks) {
    const those = [...database.executions.values()].map(({ projectId, workflowId, status, held }) => {
      return { projectId, workflowId, status, held };
    });
    database.levels.push({ at: now, those: those.filter(({ status }) => !hasEnded(status)) });
  }
  const oldest = Math.min(now, ...[...database.executions.values()].map(({ createdAt }) => createdAt));
  const from = database.settledTo ?? floor(Math.max(since, oldest), MINUTE_MS);
  const end = floor(now, MINUTE_MS) + MINUTE_MS;
  const to = Math.min(end, from + minutes * MINUTE_MS);
  for (const [place, { at }] of database.minutes) if (at >= from && at < to) database.minutes.delete(place);
  const isIn = (time: number | null): time is number => time !== null && time >= from && time < to;
  for (const one of database.executions.values()) {
    if (isIn(one.createdAt)) minuteOf(database, one, one.createdAt).started += 1;
    if (isIn(one.finishedAt)) addEnd(minuteOf(database, one, one.finishedAt), one, one.finishedAt);
  }
  if (settles) database.settledTo = Math.max(from, Math.min(to, floor(now - settleMs, MINUTE_MS)));
  return { behind: settles && to < end };
}

const placeOf = ({ projectId, workflowId }: ExecutionRecord, minute: number): string =>
  `${projectId} ${workflowId} ${minute}`;

function minuteOf({ minutes }: Database, one: ExecutionRecord, time: number): MinuteRecord {
  const { projectId, workflowId } = one;
  const at = floor(time, MINUTE_MS);
  const place = placeOf(one, at);
  const minute = minutes.get(place) ?? { projectId, workflowId, ...nothing(at) };
  minutes.set(place, minute);
  return minute;
}

const nothing = (at: number) => {
  return { at, started: 0, completed: 0, failed: 0, compensated: 0, canceled: 0, durationMs: 0, durations: '' };
};

function addEnd(minute: MinuteRecord, one: ExecutionRecord, finishedAt: number): void {
  const { status, ledOnAt, startedAt, createdAt } = one;
  if (status === 'canceled') minute.canceled += 1;
  if (hasFailed(status)) minute.failed += 1;
  if (status === 'compensated') minute.compensated += 1;
  if (status !== 'completed') return;
  const ms = Math.max(0, finishedAt - (ledOnAt ?? startedAt ?? createdAt));
  minute.completed += 1;
  minute.durationMs += ms;
  minute.durations = joined(minute.durations, `${bucketOf(ms)}:1`);
}

const hasFailed = (status: Status): boolean => status === 'failed' || status === 'compensation_failed';

/** Of an execution that is led on, before its row is changed. In a minute that is not settled, its row says it. */
export function takeBackEnd(database: Database, one: ExecutionRecord): void {
  const { finishedAt, status } = one;
  if (finishedAt === null || !hasFailed(status)) return;
  const at = floor(finishedAt, MINUTE_MS);
  if (at >= (database.settledTo ?? 0)) return;
  const minute = database.minutes.get(placeOf(one, at));
  if (minute !== undefined) minute.failed = Math.max(0, minute.failed - 1);
}

const joined = (...texts: string[]): string => printDurations(parseDurations(texts.filter(Boolean).join(' ')));

function series({ minutes }: Database, { projectId, workflowId, from, to, stepMs }: SeriesQuery): FigureRow[] {
  const rows = new Map<number, FigureRow>();
  for (const one of minutes.values()) {
    if (!fits(one, projectId, workflowId) || one.at < from || one.at >= to) continue;
    const at = floor(one.at, stepMs);
    const sum = rows.get(at) ?? nothing(at);
    rows.set(at, {
      at,
      started: sum.started + one.started,
      completed: sum.completed + one.completed,
      failed: sum.failed + one.failed,
      compensated: sum.compensated + one.compensated,
      canceled: sum.canceled + one.canceled,
      durationMs: sum.durationMs + one.durationMs,
      durations: joined(sum.durations, one.durations),
    });
  }
  return [...rows.values()].sort((a, b) => a.at - b.at);
}

function workflows(database: Database, projectId: string, since: number): WorkflowFigures[] {
  const own = [...database.workflows.values()].filter((one) => one.projectId === projectId);
  return own
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ id: workflowId, name: workflowName }) => {
      const all = [...database.executions.values()].filter((one) => fits(one, projectId, workflowId));
      const last = all.sort((a, b) => (a.id < b.id ? 1 : -1))[0];
      const hours = series(database, { projectId, workflowId, from: since, to: Infinity, stepMs: HOUR_MS });
      return {
        workflowId,
        workflowName,
        last: last === undefined ? null : { id: last.id, status: last.status, at: lastTime(last) },
        hours: hours.map(({ durationMs: _, durations: __, ...hour }) => hour),
        durations: joined(...hours.map(({ durations }) => durations)),
      };
    });
}

const lastTime = ({ finishedAt, startedAt, createdAt }: ExecutionRecord): number =>
  finishedAt ?? startedAt ?? createdAt;
