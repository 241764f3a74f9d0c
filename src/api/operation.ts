/**
 * Puts an operation of the table of routes on the server: what comes in is checked against its schemas, what goes out
 * is what they say. Nothing else can be registered, so each route has its permission (rule R11).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { topicsOf } from '../contract/live.ts';
import type { Route } from '../contract/route.ts';
import { type OperationId, ROUTES } from '../contract/routes.ts';
import { issueFaults } from '../core/definition/issue-faults.ts';
import { MyelinError } from '../core/errors.ts';
import type { Permission } from '../core/keys/roles.ts';
import type { Caller } from './access.ts';
import { routeSchema } from './route-schema.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: Permission;
  }
  interface FastifyRequest {
    /** `NOBODY` for what is public. */
    caller: Caller;
  }
}

type Table = typeof ROUTES;
type Part<R, K extends string> = R extends { readonly [P in K]: infer S extends z.ZodType } ? z.output<S> : undefined;
type BodyOf<R> = R extends { readonly document: true } | { readonly bodyTypes: readonly string[] }
  ? unknown
  : Part<R, 'body'>;
/** What has content types of its own may have been sent as such already. */
type AnswerOf<A> = A extends { readonly schema: infer S extends z.ZodType }
  ? z.output<S> | (A extends { readonly types: readonly string[] } ? undefined : never)
  : A extends { readonly types: readonly string[] }
    ? string | Uint8Array
    : undefined;
type Answers<R extends Route> = AnswerOf<R['answers'][keyof R['answers']]>;

export interface Call<Id extends OperationId> {
  readonly projectId: string;
  readonly params: Part<Table[Id], 'params'>;
  readonly query: Part<Table[Id], 'query'>;
  readonly headers: Part<Table[Id], 'headers'>;
  /** Of a document, and where the route names content types, unchecked. */
  readonly body: BodyOf<Table[Id]>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What the handler returns is the body, with the first status of the route's answers unless it set another. */
export function operation<Id extends OperationId>(
  app: FastifyInstance,
  id: Id,
  handle: (call: Call<Id>) => Promise<Answers<Table[Id]>>,
): void {
  const route: Route = ROUTES[id];
  const [status] = Object.keys(route.answers).map(Number);
  app.route({
    method: route.method,
    url: route.path,
    schema: routeSchema(id, route),
    config: { permission: route.permission, topics: topicsOf(route) },
    handler: async (request, reply) => {
      reply.code(status ?? 200);
      const body = await handle(callOf(route, request, reply) as Call<Id>);
      if (reply.sent) return reply;
      if (body === undefined) return reply.code(204).send();
      if (body instanceof Uint8Array) return reply.send(body);
      return typeof body === 'string' ? reply.send(body) : reply.type('application/json').send(JSON.stringify(body));
    },
  });
}

function callOf(route: Route, request: FastifyRequest, reply: FastifyReply): Call<OperationId> {
  const call = {
    projectId: request.caller.projectId,
    params: check(route.params, request.params, 'params'),
    query: check(route.query, request.query, 'query'),
    headers: check(route.headers, request.headers, 'headers'),
    body: route.document || route.bodyTypes ? request.body : check(route.body, request.body ?? {}, 'body'),
    request,
    reply,
  };
  // The schemas of the route have just proved each part; the type cannot follow the look-up by id.
  return call as Call<OperationId>;
}

function check(schema: z.ZodType | undefined, value: unknown, place: string): unknown {
  if (schema === undefined) return undefined;
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const errors = checked.error.issues.flatMap((issue) => issueFaults(issue, place));
  const [first] = errors;
  throw new MyelinError('invalid_request', `${first?.path}: ${first?.message}`, { errors });
}
