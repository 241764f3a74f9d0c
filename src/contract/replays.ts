/** Replays: messages of the log that start executions of a workflow once more. */
import { z } from 'zod';
import type { ReplayStatus } from '../core/replay-status.ts';
import { messageFilter } from './events.ts';
import { idParams, pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';

const replayBody = z
  .strictObject({
    filter: messageFilter.default({}).describe('Which messages; default all of the log'),
    workflow: z.string().min(1).max(200).describe('Id or name of the one that they start; it must be active'),
    trigger: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('Id of its event trigger, whose type, topic and filter count; default its first'),
    dryRun: z.boolean().default(false).describe('Only say what would be replayed'),
    effects: z
      .enum(['run', 'suppress'])
      .default('run')
      .describe('`suppress`: nodes that act on the world are not run, and say what they would have done'),
  })
  .meta({ id: 'NewReplay' });
export type ReplayBody = z.input<typeof replayBody>;

const target = {
  workflowId: z.string(),
  workflowName: z.string(),
  version: z.int().describe('On which all its executions run'),
  trigger: z.string().nullable().describe('Id of the event trigger; null: there is none, and every message is taken'),
};

const dryReplaySchema = z
  .object({
    dryRun: z.literal(true),
    ...target,
    total: z.int().describe('Messages that the filter finds; counting ends at 100,000'),
    more: z.boolean().describe('There are more than `total`'),
    examined: z
      .int()
      .describe('How many of them, the oldest, were looked at: all, but no more than 10,000 or than 3 s allow'),
    taken: z.int().describe('Of those looked at: start an execution'),
    refused: z.int().describe('Of those looked at: could start nothing, as where the filter of the trigger fails'),
    first: z
      .array(
        z.object({
          position: z.int(),
          id: z.string(),
          type: z.string(),
          key: z.string().nullable(),
          at: time,
          starts: z.boolean().describe('False: the trigger does not take it, or it could start nothing'),
        }),
      )
      .describe('The first of them'),
  })
  .meta({ id: 'DryReplay' });
export type DryReplay = z.output<typeof dryReplaySchema>;

const replaySchema = z
  .object({
    id: z.string().describe('The messages that its executions get carry it as `replayid`'),
    status: z.enum(['running', 'completed', 'failed', 'canceled'] satisfies ReplayStatus[]),
    filter: messageFilter,
    ...target,
    effects: z.enum(['run', 'suppress']),
    total: z.int().describe('Messages that the filter found at the beginning'),
    started: z.int().describe('Executions'),
    skipped: z.int().describe('Messages that the trigger does not take'),
    refused: z.int().describe('Messages that could start nothing; `error` says why the last could not'),
    position: z.int().describe('Messages up to this place of the log are done with'),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Replay' });
export type ReplayAnswer = z.output<typeof replaySchema>;

export const replayRoutes = {
  startReplay: {
    method: 'POST',
    path: '/api/replays',
    tag: 'Replays',
    summary: 'Start a workflow once more with messages of the log',
    description:
      'In the order of the log, up to its end at this moment, behind live work. Each message of a replay starts one ' +
      'execution, whatever dies in between. With `dryRun` nothing is started.',
    permission: 'workflows:execute',
    body: replayBody,
    answers: {
      200: { description: 'What would be replayed', schema: dryReplaySchema },
      201: { description: 'The replay is durable', schema: replaySchema },
    },
    problems: [400, 404, 409, 422],
  },
  listReplays: {
    method: 'GET',
    path: '/api/replays',
    tag: 'Replays',
    summary: 'List replays, newest first',
    permission: 'events:read',
    query: pageQuery,
    answers: { 200: { description: 'A page of them', schema: pageOf(replaySchema) } },
    problems: [400],
  },
  getReplay: {
    method: 'GET',
    path: '/api/replays/:id',
    tag: 'Replays',
    summary: 'Read how far a replay is',
    permission: 'events:read',
    params: idParams,
    answers: { 200: { description: 'The replay', schema: replaySchema } },
    problems: [400, 404],
  },
  cancelReplay: {
    method: 'POST',
    path: '/api/replays/:id/cancel',
    tag: 'Replays',
    summary: 'Stop a replay where it is',
    description: 'Executions that it has started go on. One that has ended stays as it is.',
    permission: 'workflows:execute',
    params: idParams,
    answers: { 200: { description: 'The replay as it is now', schema: replaySchema } },
    problems: [400, 404],
  },
} as const satisfies Record<string, Route>;
