/** /api/stats and /api/workflows/stats: figures over time. */
import type { FastifyInstance } from 'fastify';
import { MAX_PRESENT, MAX_STEPS, STEPS, type Stats, type WorkflowStats } from '../contract/stats.ts';
import { parseDurations, percentile } from '../core/durations.ts';
import { MyelinError } from '../core/errors.ts';
import { type FigureRow, type Figures, HOUR_MS, type WorkflowFigures } from '../ports/figures.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';
import { workflowIdOf } from './workflows.ts';

type Deps = Pick<ApiDeps, 'store' | 'runtime'>;

const DAY_MS = 86_400_000;
const HOURS = 24;

export function stats(app: FastifyInstance, deps: Deps): void {
  const { figures } = deps.store;

  operation(app, 'getStats', async ({ projectId, query }): Promise<Stats> => {
    const stepMs = STEPS[query.step];
    const end = query.to === undefined ? deps.runtime.now() : Date.parse(query.to);
    const from = floor(query.from === undefined ? end - DAY_MS : Date.parse(query.from), stepMs);
    const to = Math.ceil(end / stepMs) * stepMs;
    checkSpan(from, to, stepMs);
    const workflowId =
      query.workflow === undefined ? undefined : await workflowIdOf(deps.store.workflows, projectId, query.workflow);
    const asked = { projectId, from, to, stepMs, ...(workflowId !== undefined && { workflowId }) };
    const [rows, levels, queue] = await Promise.all([
      figures.series(asked),
      figures.levels(asked),
      figures.present(projectId, workflowId, MAX_PRESENT),
    ]);
    const byTime = new Map(rows.map((row) => [row.at, row]));
    const levelsByTime = new Map(levels.map(({ at, ...level }) => [at, level]));
    const series = Array.from({ length: (to - from) / stepMs }, (_, index) => {
      const at = from + index * stepMs;
      return { at: iso(at), ...shown(byTime.get(at) ?? NOTHING), levels: levelsByTime.get(at) ?? null };
    });
    return { from: iso(from), to: iso(to), step: query.step, series, totals: shown(sumOf(rows)), queue };
  });

  operation(app, 'getWorkflowStats', async ({ projectId, query: { limit, cursor } }) => {
    const since = floor(deps.runtime.now(), HOUR_MS) - (HOURS - 1) * HOUR_MS;
    const after = cursor === undefined ? {} : { after: cursor };
    const found = await figures.workflows(projectId, since, { ...after, limit: limit + 1 });
    const items = found.slice(0, limit);
    const nextCursor = found.length > limit ? (items.at(-1)?.workflowName ?? null) : null;
    return { items: items.map((one) => workflowStats(one, since)), nextCursor };
  });
}

const floor = (ms: number, step: number): number => Math.floor(ms / step) * step;
const iso = (ms: number): string => new Date(ms).toISOString();

const NO_ENDS = { completed: 0, failed: 0, compensated: 0, canceled: 0 };
const NOTHING: Figures = { started: 0, ...NO_ENDS, durationMs: 0, durations: '' };

function checkSpan(from: number, to: number, stepMs: number): void {
  if (to <= from) throw new MyelinError('invalid_request', 'query.from: must be before `to`');
  if ((to - from) / stepMs <= MAX_STEPS) return;
  throw new MyelinError('invalid_request', `query.step: makes more than ${MAX_STEPS} steps; take a wider one`);
}

function sumOf(rows: readonly FigureRow[]): Figures {
  const sum = (of: (row: FigureRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    started: sum((row) => row.started),
    completed: sum((row) => row.completed),
    failed: sum((row) => row.failed),
    compensated: sum((row) => row.compensated),
    canceled: sum((row) => row.canceled),
    durationMs: sum((row) => row.durationMs),
    durations: rows.map(({ durations }) => durations).join(' '),
  };
}

function shown({ durations: text, started, completed, failed, compensated, canceled }: Figures): Stats['totals'] {
  const durations = parseDurations(text);
  const [p50, p95] = [percentile(durations, 0.5), percentile(durations, 0.95)];
  return { started, completed, failed, compensated, canceled, p50, p95 };
}

function workflowStats({ last, hours, durations, ...workflow }: WorkflowFigures, since: number): WorkflowStats {
  const spark = Array.from({ length: HOURS }, () => NO_ENDS);
  for (const { at, started: _, ...ends } of hours) spark[(at - since) / HOUR_MS] = ends;
  const sum = (of: (hour: WorkflowFigures['hours'][number]) => number) => hours.reduce((all, one) => all + of(one), 0);
  return {
    ...workflow,
    last: last === null ? null : { ...last, at: iso(last.at) },
    started: sum((hour) => hour.started),
    completed: sum((hour) => hour.completed),
    failed: sum((hour) => hour.failed),
    compensated: sum((hour) => hour.compensated),
    canceled: sum((hour) => hour.canceled),
    p50: percentile(parseDurations(durations), 0.5),
    spark: spark.slice(0, HOURS),
  };
}
