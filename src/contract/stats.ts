/** Figures over time: of a project, of a workflow, and of all workflows at a glance. */
import { z } from 'zod';
import { STATUSES } from '../core/execution/status.ts';
import { moment, pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';

export const STEPS = { '1m': 60_000, '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 } as const;
type Step = keyof typeof STEPS;

/** Steps of one answer: a day of minutes, 90 days of hours. */
export const MAX_STEPS = 2_200;
/** The executions there are now are counted so far. */
export const MAX_PRESENT = 10_000;

const statsQuery = z.strictObject({
  from: moment.optional().describe('Default: 24 hours before `to`; steps are whole, in UTC'),
  to: moment.optional().describe('Default: now'),
  step: z.enum(Object.keys(STEPS) as [Step, ...Step[]]).default('1h'),
  workflow: z.string().min(1).max(200).optional().describe('Id or name'),
});
export type StatsQuery = z.input<typeof statsQuery>;

const ends = {
  completed: z.int(),
  failed: z.int().describe('Also those of which not everything could be undone; none that was led on since'),
  compensated: z.int().describe('What they had done was undone, after a failure or when they were canceled'),
  canceled: z.int(),
};
const figures = {
  started: z.int().describe('Accepted'),
  ...ends,
  p50: z
    .int()
    .nullable()
    .describe(
      'Milliseconds from begin to end of half of those that completed; of one that was led on after a failure, from then on',
    ),
  p95: z.int().nullable(),
};
const totalsSchema = z.object(figures);

const levels = {
  queued: z.int().describe('Not begun: they wait for a worker'),
  held: z.int().describe('Not begun: they wait for their admission'),
  running: z.int().describe('At work'),
  waiting: z.int().describe('For a timer, an answer or a child'),
};

const statsSchema = z
  .object({
    from: time,
    to: time,
    step: z.enum(Object.keys(STEPS) as [Step, ...Step[]]),
    series: z.array(
      z.object({
        at: time.describe('Begin of the step'),
        ...figures,
        levels: z
          .object({ queued: z.int(), held: z.int(), running: z.int(), waiting: z.int() })
          .nullable()
          .describe('The most there were at once, of looks once a minute; null where nobody looked'),
      }),
    ),
    totals: totalsSchema,
    queue: z.object(levels).describe(`Executions now, each counted up to ${MAX_PRESENT}`),
  })
  .meta({ id: 'Stats' });
export type Stats = z.output<typeof statsSchema>;

const workflowStatsSchema = z
  .object({
    workflowId: z.string(),
    workflowName: z.string(),
    last: z
      .object({ id: z.string(), status: z.enum(STATUSES), at: time })
      .nullable()
      .describe('Its newest execution, and when that ended, began or was accepted'),
    started: figures.started,
    ...ends,
    p50: figures.p50,
    spark: z.array(z.object(ends)).describe('24 hours, the present one last'),
  })
  .meta({ id: 'WorkflowStats' });
export type WorkflowStats = z.output<typeof workflowStatsSchema>;

export const statsRoutes = {
  getStats: {
    method: 'GET',
    path: '/api/stats',
    tag: 'Monitoring',
    summary: 'Read how many executions started and ended, and how long they took, over time',
    description: `At most ${MAX_STEPS} steps. What happened is counted within some seconds, and kept for 90 days; levels by steps below an hour for 8 days.`,
    permission: 'executions:read',
    query: statsQuery,
    answers: { 200: { description: 'One figure for each step, the oldest first', schema: statsSchema } },
    problems: [400, 404],
  },
  getWorkflowStats: {
    method: 'GET',
    path: '/api/workflows/stats',
    tag: 'Monitoring',
    summary: 'Read the last 24 hours of workflows',
    permission: 'executions:read',
    query: pageQuery,
    answers: { 200: { description: 'A page of them, by name', schema: pageOf(workflowStatsSchema) } },
    problems: [400],
  },
} as const satisfies Record<string, Route>;
