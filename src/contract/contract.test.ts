/** The table of routes is whole: every id, parameter, permission and schema fits the others. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ERRORS } from '../core/errors.ts';
import { LEAST_ROLES } from '../core/keys/roles.ts';
import { eventsQuery, executionsQuery } from './executions.ts';
import { topicsOf } from './live.ts';
import { type Route, TAGS } from './route.ts';
import { methodsOf, ROUTES } from './routes.ts';
import { executeBody, workflowSchema } from './workflows.ts';

const routes: readonly (readonly [string, Route])[] = Object.entries(ROUTES);

test.each(routes)('%s is whole', (id, route) => {
  expect(Object.keys(LEAST_ROLES)).toContain(route.permission);
  expect(Object.keys(TAGS)).toContain(route.tag);
  // Whoever signs in has no key yet.
  const isPublic = route.permission === 'public' && id !== 'signIn';
  const isElsewhere = isPublic || ['/metrics', '/mcp'].includes(route.path);
  expect(route.path.startsWith('/api/')).toBe(!isElsewhere);
  const named = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
  const params = route.params === undefined ? [] : Object.keys((route.params as z.ZodObject).shape);
  expect(params).toEqual(named);
  expect(Object.keys(route.answers).length).toBeGreaterThan(0);
  const statuses = new Set(Object.values(ERRORS).map((error) => error.status as number));
  for (const status of route.problems ?? []) expect(statuses).toContain(status);
});

test('what a GET permits is to read: a cookie comes along with it from anywhere', () => {
  // An approval comes with the links that decide it, and so with the permission for that; looking decides nothing.
  const gets = routes.filter(([id, { method }]) => method === 'GET' && id !== 'getApproval');
  expect(gets.length).toBeGreaterThan(20);
  for (const [id, { permission }] of gets) expect(permission, id).toMatch(/^public$|:read$/);
});

test('no two operations share a method and path, and the methods of a path are found', () => {
  const places = routes.map(([, route]) => `${route.method} ${route.path}`);
  expect(new Set(places).size).toBe(places.length);
  expect(methodsOf('/api/workflows')).toEqual(['GET', 'POST']);
  expect(methodsOf('/api/workflows/some-name')).toEqual(['GET', 'PUT', 'DELETE']);
  expect(methodsOf('/api/workflows/')).toEqual([]);
  expect(methodsOf('/nowhere')).toEqual([]);
});

test('what a route changes is told by its topics; what only reads, asks or starts changes nothing itself', () => {
  expect(topicsOf(ROUTES.updateTrigger)).toEqual(['workflows']);
  expect(topicsOf(ROUTES.decideApproval)).toEqual(['approvals']);
  expect(topicsOf(ROUTES.requeueDeadLetter)).toEqual(['dead-letters', 'executions']);
  const quiet = [ROUTES.listWorkflows, ROUTES.validateWorkflow, ROUTES.executeWorkflow, ROUTES.uploadBlob];
  expect(quiet.map(topicsOf)).toEqual(quiet.map(() => []));
});

test('schemas that documents are made of can be printed as JSON Schema', () => {
  const printed = z.toJSONSchema(workflowSchema, { unrepresentable: 'any' });
  expect(JSON.stringify(printed)).toContain('"definition":{"$ref":"#/$defs/Definition"}');
});

test('an execute body takes input or inputs, not both', () => {
  expect(executeBody.safeParse({}).success).toBe(true);
  expect(executeBody.safeParse({ input: null }).success).toBe(true);
  expect(executeBody.safeParse({ inputs: [1, 2] }).success).toBe(true);
  expect(executeBody.safeParse({ inputs: [] }).success).toBe(false);
  expect(executeBody.safeParse({ input: 1, inputs: [2] }).success).toBe(false);
  expect(executeBody.safeParse({ inptu: 1 }).success).toBe(false);
});

test('queries are read from text, with defaults, and refuse what they do not know', () => {
  expect(executionsQuery.parse({})).toEqual({ limit: 50 });
  expect(executionsQuery.parse({ limit: '7', from: '2026-01-01', status: 'failed' }).limit).toBe(7);
  expect(eventsQuery.parse({ after: '12' })).toEqual({ after: 12, limit: 200 });
  for (const bad of [{ limit: '0' }, { limit: '201' }, { status: 'done' }, { from: 'yesterday' }, { page: '2' }]) {
    expect(executionsQuery.safeParse(bad).success).toBe(false);
  }
});
