/**
 * The one table of routes, by operation id: the API registers from it, OpenAPI is made of it, and who may call what
 * stands in it. A route that is not here cannot be registered.
 */
import { z } from 'zod';
import { scheduleConfig } from '../core/schedule/config.ts';
import { approvalRoutes } from './approval-routes.ts';
import { blobRoutes } from './blobs.ts';
import { breakerRoutes } from './breakers.ts';
import { connectionRoutes } from './connections.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { deliveryRoutes } from './deliveries.ts';
import { eventFeedRoutes } from './event-feed.ts';
import { eventGroupRoutes } from './event-groups.ts';
import { eventRoutes } from './event-routes.ts';
import { eventSchemaRoutes } from './event-schemas.ts';
import { executionNodeRoutes } from './execution-nodes.ts';
import { executionRoutes } from './execution-routes.ts';
import { flowRoutes } from './flow.ts';
import { liveSchema, readySchema } from './health.ts';
import { keyRoutes } from './keys.ts';
import { ledgerRoutes } from './ledger.ts';
import { liveRoutes } from './live.ts';
import { mcpRoutes } from './mcp-routes.ts';
import { modelRoutes } from './models.ts';
import { documentJsonSchema, nodeTypeList, triggerTypeList } from './node-types.ts';
import { idParams, pageQuery } from './page.ts';
import { promptRoutes } from './prompts.ts';
import { replayRoutes } from './replays.ts';
import { retentionRoutes } from './retention.ts';
import { METHODS, type Method, type Route } from './route.ts';
import { scheduleTimes, timesQuery } from './schedules.ts';
import { sessionRoutes } from './session-routes.ts';
import { signInRoutes } from './sign-in.ts';
import { statsRoutes } from './stats.ts';
import { templateRoutes } from './templates.ts';
import { testRoutes } from './test-workflow.ts';
import { toolRoutes } from './tools.ts';
import { triggerAnswerSchema, triggerChange, triggerPage } from './triggers.ts';
import { versionRoutes } from './versions.ts';
import { acceptedSchema, webhookPage, webhookParams, webhooksQuery } from './webhooks.ts';
import { workflowRoutes } from './workflow-routes.ts';

const triggerRoutes = {
  updateTrigger: {
    method: 'PUT',
    path: '/api/triggers/:id',
    tag: 'Triggers',
    summary: 'Change a trigger',
    description: 'Makes a new version of its workflow.',
    permission: 'workflows:write',
    params: idParams,
    body: triggerChange,
    document: true,
    answers: { 200: { description: 'The trigger as it is now', schema: triggerAnswerSchema } },
    problems: [400, 404, 409, 422],
  },
  deleteTrigger: {
    method: 'DELETE',
    path: '/api/triggers/:id',
    tag: 'Triggers',
    summary: 'Remove a trigger',
    description: 'Makes a new version of its workflow.',
    permission: 'workflows:write',
    params: idParams,
    answers: { 204: { description: 'It is gone' } },
    problems: [404, 409],
  },
  listProjectTriggers: {
    method: 'GET',
    path: '/api/triggers',
    tag: 'Triggers',
    summary: 'List the triggers of all workflows',
    permission: 'workflows:read',
    query: pageQuery,
    answers: { 200: { description: 'A page of them, by workflow', schema: triggerPage } },
    problems: [400],
  },
  nextTimes: {
    method: 'GET',
    path: '/api/triggers/:id/next',
    tag: 'Triggers',
    summary: 'List the next times of a schedule',
    description: 'Of a workflow that is not active: the times it would have.',
    permission: 'workflows:read',
    params: idParams,
    query: timesQuery,
    answers: { 200: { description: 'The first of them', schema: scheduleTimes } },
    problems: [400, 404, 422],
  },
  pollNow: {
    method: 'POST',
    path: '/api/triggers/:id/poll',
    tag: 'Triggers',
    summary: 'Let a poll look now',
    description: 'It does not wait for the result: the state of the trigger tells it. One that is looking goes on.',
    permission: 'workflows:write',
    params: idParams,
    answers: { 204: { description: 'It looks as soon as a scheduler is free' } },
    problems: [404, 409, 422],
  },
  previewSchedule: {
    method: 'POST',
    path: '/api/trigger-types/schedule/preview',
    tag: 'Triggers',
    summary: 'List the next times of a schedule that is not saved',
    permission: 'workflows:read',
    query: timesQuery,
    body: scheduleConfig,
    answers: { 200: { description: 'The first of them', schema: scheduleTimes } },
    problems: [400, 422],
  },
  listWebhooks: {
    method: 'GET',
    path: '/api/webhooks',
    tag: 'Webhooks',
    summary: 'List the webhooks of active workflows',
    permission: 'workflows:read',
    query: webhooksQuery,
    answers: { 200: { description: 'A page of them, by path', schema: webhookPage } },
    problems: [400],
  },
} as const satisfies Record<string, Route>;

const catalogRoutes = {
  listNodeTypes: {
    method: 'GET',
    path: '/api/node-types',
    tag: 'Catalog',
    summary: 'List the node types with their config schemas',
    permission: 'workflows:read',
    answers: { 200: { description: 'All of them', schema: nodeTypeList } },
    problems: [400],
  },
  getDefinitionSchema: {
    method: 'GET',
    path: '/api/definition-schema',
    tag: 'Catalog',
    summary: 'Read the JSON Schema of a workflow document',
    description: 'Its settings, and what every node has. The config of each type is listed with the types.',
    permission: 'workflows:read',
    answers: { 200: { description: 'As a document is written', schema: documentJsonSchema } },
    problems: [400],
  },
  listTriggerTypes: {
    method: 'GET',
    path: '/api/trigger-types',
    tag: 'Catalog',
    summary: 'List the trigger types with their config schemas',
    permission: 'workflows:read',
    answers: { 200: { description: 'All of them', schema: triggerTypeList } },
    problems: [400],
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    tag: 'Catalog',
    summary: 'This document',
    permission: 'public',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
    problems: [405],
  },
  errorPage: {
    method: 'GET',
    path: '/docs/errors',
    tag: 'Catalog',
    summary: 'What each error code means and what to do about it',
    permission: 'public',
    answers: { 200: { description: 'A page for people', types: ['text/html'] } },
    problems: [405],
  },
} as const satisfies Record<string, Route>;

const healthRoutes = {
  live: {
    method: 'GET',
    path: '/health/live',
    tag: 'Health',
    summary: 'Is the process alive?',
    permission: 'public',
    answers: { 200: { description: 'It is', schema: liveSchema } },
    problems: [405],
  },
  ready: {
    method: 'GET',
    path: '/health/ready',
    tag: 'Health',
    summary: 'Can the process take requests?',
    permission: 'public',
    answers: { 200: { description: 'The database answers', schema: readySchema } },
    problems: [405, 503],
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    tag: 'Health',
    summary: 'Figures for Prometheus',
    description: 'Needs a key unless the server listens on loopback only.',
    permission: 'metrics:read',
    answers: { 200: { description: 'Text in the format of Prometheus', types: ['text/plain'] } },
    problems: [405],
  },
} as const satisfies Record<string, Route>;

/** One operation for each method: OpenAPI knows no route of several. */
const webhookRoute = <M extends Method>(method: M) =>
  ({
    method,
    path: '/webhooks/:path',
    tag: 'Webhooks',
    summary: `Start an execution by ${method}`,
    description:
      'Answers 202 when the execution is durable. With `respond: result` it answers what a respond node says, or the ' +
      'output at the end, and 202 where that takes too long. The path may hold slashes; `~PROJECT/` in front of it ' +
      'addresses the webhooks of another project.',
    permission: 'public',
    params: webhookParams,
    answers: {
      200: { description: 'The output, or what a respond node answered', types: ['*/*'] },
      202: { description: 'Accepted; `Location` is the execution', schema: acceptedSchema },
    },
    problems: [400, 401, 403, 404, 405, 413, 500, 503],
  }) as const satisfies Route;

const webhookRoutes = {
  getWebhook: webhookRoute('GET'),
  postWebhook: webhookRoute('POST'),
  putWebhook: webhookRoute('PUT'),
  patchWebhook: webhookRoute('PATCH'),
  deleteWebhook: webhookRoute('DELETE'),
} as const satisfies Record<string, Route>;

export const ROUTES = {
  ...workflowRoutes,
  ...versionRoutes,
  ...testRoutes,
  ...executionRoutes,
  ...executionNodeRoutes,
  ...approvalRoutes,
  ...deadLetterRoutes,
  ...retentionRoutes,
  ...eventRoutes,
  ...eventGroupRoutes,
  ...replayRoutes,
  ...eventSchemaRoutes,
  ...flowRoutes,
  ...ledgerRoutes,
  ...liveRoutes,
  ...statsRoutes,
  ...triggerRoutes,
  ...promptRoutes,
  ...connectionRoutes,
  ...eventFeedRoutes,
  ...deliveryRoutes,
  ...blobRoutes,
  ...sessionRoutes,
  ...breakerRoutes,
  ...modelRoutes,
  ...mcpRoutes,
  ...keyRoutes,
  ...signInRoutes,
  ...catalogRoutes,
  ...templateRoutes,
  ...toolRoutes,
  ...healthRoutes,
  ...webhookRoutes,
} as const;

export type OperationId = keyof typeof ROUTES;

/** Methods by which a path (without query) may be called; empty where there is no such path. */
export function methodsOf(path: string, isServed: (route: Route) => boolean = () => true): Method[] {
  const segments = path.split('/');
  const routes = Object.values<Route>(ROUTES).filter((route) => fits(route.path, segments) && isServed(route));
  return METHODS.filter((method) => routes.some((route) => route.method === method));
}

function fits(pattern: string, segments: readonly string[]): boolean {
  const wanted = pattern.split('/');
  if (wanted.length !== segments.length) return false;
  return wanted.every((segment, index) =>
    segment.startsWith(':') ? segments[index] !== '' : segment === segments[index],
  );
}
