/** Executions: summaries in lists, one with all its nodes, its events and its log. Times are ISO strings. */
import { z } from 'zod';
import { STATUSES } from '../core/execution/status.ts';
import { AWAIT_KINDS } from '../core/node-type.ts';
import { bulkBody } from './bulk.ts';
import { countUpTo, moment, oneOrMore, pageOf, pageQuery, time } from './page.ts';
import { errorInfoSchema } from './problem.ts';

const executionStatus = z.enum(STATUSES);

const NODE_STATUSES = ['pending', 'running', 'waiting', 'completed', 'failed', 'skipped', 'canceled'] as const;
const nodeStatus = z.enum(NODE_STATUSES);

const summary = {
  id: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  version: z.int().describe('Below 0: of a test'),
  test: z.literal(true).optional().describe('It tried a document out; absent otherwise'),
  status: executionStatus,
  triggerId: z
    .string()
    .describe('Id of the trigger in the definition; `api`, `workflow` or `test` where there was none'),
  error: errorInfoSchema.nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  parentId: z.string().nullable().describe('The execution that started this one'),
};

export const executionSummarySchema = z.object(summary).meta({ id: 'ExecutionSummary' });
export type ExecutionSummary = z.infer<typeof executionSummarySchema>;

export const executionNodeSchema = z
  .object({
    path: z.string().describe('Address, such as each[3]/fetch'),
    id: z.string(),
    type: z.string().describe('`unknown` where the definition is gone'),
    status: nodeStatus.describe('`canceled`: it was at work or waited when the execution was canceled'),
    attempt: z.int().min(0).describe('Attempts so far; 0 for what is decided in memory'),
    port: z.string().nullable().describe('The port it left by'),
    input: z.unknown().optional().describe('`$json`; only with include=input'),
    inputBytes: z.int().optional().describe('Of `$json` as JSON; only of one node, with values=omit'),
    output: z.unknown().optional().describe('null until it has one; absent with values=omit'),
    outputBytes: z.int().optional().describe('Of its output as JSON; only with values=omit'),
    error: errorInfoSchema.nullable().describe('Of the last attempt that failed; null once it completed'),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    progress: z
      .object({ done: z.int(), total: z.int().nullable().describe('null: until a condition is false') })
      .optional()
      .describe('Iterations of a container, turns of an agent'),
    usage: z
      .object({
        calls: z.int(),
        inputTokens: z.int(),
        outputTokens: z.int(),
        cost: z.int().describe('In billionths of one unit of the currency'),
        currency: z.string(),
      })
      .optional()
      .describe('Of model calls, here and inside'),
  })
  .meta({ id: 'ExecutionNode' });
export type ExecutionNode = z.infer<typeof executionNodeSchema>;

export const waitSchema = z.object({
  path: z.string().optional().describe('Absent where the execution as a whole waits'),
  reason: z.enum(['timer', 'retry', 'child', ...AWAIT_KINDS, 'paused', 'capacity', 'gather']),
  until: time.optional(),
  executionId: z.string().optional().describe('Of the child'),
  waitId: z.string().optional().describe('Of an approval, a callback or an event'),
  lane: z.string().optional().describe('Of flow control: which limit, such as `session "u1"`'),
  ahead: z.int().optional().describe('Executions before it in its lane; counted to 1,000'),
  details: z.unknown().optional().describe('With values=omit without the `data` that is shown to people'),
});

export const executionSchema = z
  .object({
    ...summary,
    trigger: z.unknown().optional().describe('`$trigger`: what started it; absent with values=omit'),
    triggerBytes: z.int().optional().describe('Of `$trigger` as JSON; only with values=omit'),
    output: z.unknown().optional().describe('null until it has completed; absent with values=omit'),
    outputBytes: z.int().optional().describe('Of the output as JSON; only with values=omit'),
    waitingFor: z.array(waitSchema),
    nodes: z.array(executionNodeSchema).describe('Nodes of the graph; iterations follow their container'),
    truncated: z.boolean().describe('There are more iterations than `nodes` shows'),
  })
  .meta({ id: 'Execution' });
export type Execution = z.infer<typeof executionSchema>;

export const executionPage = pageOf(executionSummarySchema);

const filter = {
  status: oneOrMore(executionStatus, STATUSES.length).optional().describe('Several: any of them'),
  workflow: z.string().min(1).max(200).optional().describe('Id or name'),
  trigger: z.string().min(1).max(200).optional().describe('Id of the trigger, or `api`, `workflow` or `test`'),
  code: z.string().min(1).max(100).optional().describe('Of the error it ended with, such as `node_timeout`'),
  from: moment.optional().describe('Created at this time or later'),
  to: moment.optional().describe('Created before this time'),
  endedFrom: moment.optional().describe('Ended at this time or later'),
  endedTo: moment.optional().describe('Ended before this time'),
};
const filterSchema = z.strictObject(filter);
export type ExecutionFilterQuery = z.infer<typeof filterSchema>;

export const executionsQuery = pageQuery.extend(filter);
export const executionsCountQuery = z.strictObject({ limit: countUpTo, ...filter });
export const executionsCount = z.object({
  count: z.int(),
  whole: z.boolean().describe('There are no more; false: it was not counted further'),
});

/** A moment of its history, for whatever shows an execution. */
export const atQuery = {
  at: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31)
    .optional()
    .describe('As it was after the event with this sequence number'),
};

export const valuesQuery = {
  values: z.enum(['omit']).optional().describe('omit: leave out what flows, and say how large it is'),
};

export const executionQuery = z
  .strictObject({
    include: z.enum(['input']).optional().describe('input: show `$json` of each node'),
    values: z
      .enum(['omit', 'whole'])
      .optional()
      .describe(
        'omit: leave out what flows, and say how large it is; whole: only `trigger` and `output`; `nodes` and `waitingFor` stay empty',
      ),
    ...atQuery,
  })
  .refine((query) => query.include === undefined || query.values === undefined, 'send either include or values');

export const eventSchema = z
  .object({
    seq: z.int().min(1),
    type: z.string().describe('Such as node.completed'),
    at: time,
    data: z.unknown(),
    omitted: z
      .array(
        z.object({
          field: z.string().describe('Where it stands in `data`, such as iteration.items'),
          bytes: z.int().describe('As JSON'),
          items: z.int().optional().describe('Of an array: how many it has'),
        }),
      )
      .optional()
      .describe('What was left out of `data`; only with values=omit, and where there is any'),
  })
  .meta({ id: 'ExecutionEvent' });
export type EventAnswer = z.infer<typeof eventSchema>;

const MAX_EVENTS = 1_000;

export const eventsQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(0)
    .describe('Sequence number of the last event you have'),
  limit: z.coerce.number().int().min(1).max(MAX_EVENTS).default(200),
  values: z.enum(['omit']).optional().describe('omit: leave large values out of `data`, and say how large they are'),
});

export const logQuery = eventsQuery.omit({ values: true });

/** `nextCursor` goes into `after`. */
export const eventPage = pageOf(eventSchema);

export const streamQuery = z.strictObject({
  from: z
    .enum(['now', 'start'])
    .default('now')
    .describe('start: also the texts of calls that have ended; now: of calls that go on, from their beginning'),
});

const callPlace = {
  path: z.string().describe('Address of the node that calls, such as classify[0]/model'),
  attempt: z.int().min(1),
};

export const streamEventSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('token'),
      ...callPlace,
      offset: z.int().min(0).describe('Of its first UTF-16 code unit in the text'),
      text: z.string(),
    }),
    z.object({ type: z.literal('reset'), ...callPlace }).describe('The text of this path begins anew'),
    z.object({
      type: z.literal('call'),
      ...callPlace,
      state: z.enum(['started', 'completed', 'failed', 'skipped']).describe('failed: another attempt may come'),
      model: z.string().optional().describe('That answered'),
    }),
    z.object({ type: z.literal('end'), status: executionStatus }),
  ])
  .meta({ id: 'StreamEvent' });
export type StreamEventAnswer = z.infer<typeof streamEventSchema>;

const logLineSchema = z
  .object({
    seq: z.int(),
    at: time,
    level: z.enum(['info', 'warn', 'error']),
    path: z.string().optional(),
    message: z.string(),
  })
  .meta({ id: 'LogLine' });
export type LogLine = z.infer<typeof logLineSchema>;

export const logPage = pageOf(logLineSchema);

const reason = z.string().max(1000).optional().describe('Kept in the history');
const address = z.string().min(1).max(2000).describe('Address of the node, such as each[3]/fetch');

export const reasonBody = z.strictObject({ reason });

export const cancelBody = z.strictObject({
  reason,
  compensate: z.boolean().optional().describe('Undo first what was done, by the compensations of its nodes'),
});

export const retryBody = z.strictObject({
  reason,
  from: address.optional().describe('Run this node and all after it again; default the nodes that failed'),
});

const asOf = moment
  .optional()
  .describe('What was created, or has failed, later is left alone; send the same for all pages. Default: now');
export const cancelManyBody = bulkBody(filterSchema, { ...cancelBody.shape, asOf });
export const retryManyBody = bulkBody(filterSchema, { reason, asOf });

export const skipBody = z.strictObject({
  path: address,
  output: z.unknown().optional().describe('What counts as its output; default null'),
  port: z.string().min(1).max(64).optional().describe('The port it leaves by; default its main port'),
  reason,
});

export const resolveBody = z.strictObject({
  path: address,
  happened: z.boolean().describe('true: it counts as done, with the output given; false: it runs again'),
  output: z.unknown().optional(),
  reason,
});
