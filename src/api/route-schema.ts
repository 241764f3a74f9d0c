/** A route of the contract in the form from which the OpenAPI document is made. It checks nothing. */
// Gives FastifySchema the fields of an operation.
import type {} from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import { PROBLEM_TYPE, problemSchema } from '../contract/problem.ts';
import type { Answer, Route } from '../contract/route.ts';
import { ERRORS } from '../core/errors.ts';
import type { Permission } from '../core/keys/roles.ts';
import { YAML_TYPES } from './bodies.ts';

const nothing = z.null();

export function routeSchema(id: string, route: Route): FastifySchema {
  const { tag, summary, description, permission, params, query, headers, body } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: securityOf(permission),
    ...(params !== undefined && { params }),
    ...(query !== undefined && { querystring: query }),
    ...(headers !== undefined && { headers }),
    ...(body !== undefined && { body }),
    consumes: [...(route.bodyTypes ?? ['application/json']), ...(route.document ? [YAML_TYPES[0] as string] : [])],
    response: { ...answersOf(route), ...problemsOf(route) },
  };
}

/** Names of schemes in openapi.ts, of which one is enough. */
function securityOf(permission: Permission): Record<string, string[]>[] {
  if (permission === 'public') return [];
  const schemes = permission === 'sign-in:grant' ? ['bearer', 'apiKey'] : ['bearer', 'apiKey', 'cookie'];
  return schemes.map((scheme) => ({ [scheme]: [] }));
}

function answersOf(route: Route): Record<string, unknown> {
  return Object.fromEntries(Object.entries(route.answers).map(([status, answer]) => [status, answerOf(answer)]));
}

function answerOf({ description, schema, types }: Answer): unknown {
  if (schema === undefined && types === undefined) return nothing.describe(description);
  const content = (types ?? ['application/json']).map((type) => [type, { schema: schema ?? z.unknown() }]);
  return { description, content: Object.fromEntries(content) };
}

function problemsOf(route: Route): Record<string, unknown> {
  const isPublic = route.permission === 'public';
  // 403: a role that may not, or a page of another origin that asks by a cookie.
  const usual = isPublic ? [] : [401, 403];
  const statuses = new Set([...usual, ...(route.problems ?? []), ...(isPublic ? [] : [500])]);
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      { description: meanings(status), content: { [PROBLEM_TYPE]: { schema: problemSchema } } },
    ]),
  );
}

/** The codes that come with this status. */
function meanings(status: number): string {
  const codes = Object.entries(ERRORS).filter(([, error]) => error.status === status);
  return codes.map(([code]) => code).join(', ');
}
