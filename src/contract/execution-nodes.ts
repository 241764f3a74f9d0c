/** What is inside of an execution: the iterations of a container, and one node with all that happened to it. */
import { z } from 'zod';
import { atQuery, executionNodeSchema, valuesQuery, waitSchema } from './executions.ts';
import { idParams, pageOf, pageQuery, time } from './page.ts';
import { errorInfoSchema } from './problem.ts';
import type { Route } from './route.ts';

const address = z.string().min(1).max(2000);

const iterationStatus = z.enum(['running', 'completed', 'failed', 'canceled']);

const iterationSchema = z
  .object({
    index: z.int().min(0),
    path: z.string().describe('Such as each[3]'),
    status: iterationStatus,
    error: errorInfoSchema.nullable(),
    nodes: z.array(executionNodeSchema).describe('Its own; containers among them have iterations of theirs'),
  })
  .meta({ id: 'Iteration' });
export type Iteration = z.infer<typeof iterationSchema>;

export const iterationsQuery = pageQuery.extend({
  parent: address.describe('Address of the container, such as each or each[3]/inner'),
  status: iterationStatus.optional().describe('Only those that stand so'),
  ...valuesQuery,
  ...atQuery,
});

const attemptSchema = z.object({
  attempt: z.int().min(1),
  scheduledAt: time.nullable().describe('When its turn came; until it started it was queued'),
  startedAt: time,
  finishedAt: time.nullable(),
  error: errorInfoSchema.nullable(),
  retryAt: time.nullable().describe('When the next was to begin'),
});

const pastWaitSchema = waitSchema.pick({ until: true, executionId: true, waitId: true, details: true }).extend({
  reason: waitSchema.shape.reason,
  startedAt: time,
  finishedAt: time.nullable(),
});

const nodeDetailSchema = executionNodeSchema
  .extend({
    attempts: z.array(attemptSchema).describe('In order; none of what is decided in memory'),
    waits: z.array(pastWaitSchema).describe('For timers, children and answers, in order'),
  })
  .meta({ id: 'ExecutionNodeDetail' });
export type NodeDetailAnswer = z.infer<typeof nodeDetailSchema>;

export const nodeQuery = z.strictObject({
  path: address.describe('Address of the node, such as each[3]/fetch'),
  attempt: z.coerce.number().int().min(1).optional().describe('Only this one in `attempts`'),
  ...valuesQuery,
  ...atQuery,
});

export const executionNodeRoutes = {
  getExecutionNode: {
    method: 'GET',
    path: '/api/executions/:id/node',
    tag: 'Executions',
    summary: 'Read one node of an execution, with its input and its attempts',
    permission: 'executions:read',
    params: idParams,
    query: nodeQuery,
    answers: { 200: { description: 'The node', schema: nodeDetailSchema } },
    problems: [400, 404],
  },
  listIterations: {
    method: 'GET',
    path: '/api/executions/:id/nodes',
    tag: 'Executions',
    summary: 'List the iterations of a container, with their nodes',
    permission: 'executions:read',
    params: idParams,
    query: iterationsQuery,
    answers: { 200: { description: 'A page of them, in the order they began', schema: pageOf(iterationSchema) } },
    problems: [400, 404],
  },
} as const satisfies Record<string, Route>;
