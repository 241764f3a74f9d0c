/** Every error as a problem (RFC 9457): ours by the table, the framework's translated, all others without details. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, type Problem, problemType } from '../contract/problem.ts';
import { methodsOf } from '../contract/routes.ts';
import { ERRORS, type ErrorCode, type Fault, MyelinError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import type { Pages } from '../ports/pages.ts';
import type { Logger } from '../ports/runtime.ts';
import { isPage, sendPage } from './pages.ts';

/** What the framework refuses by itself. */
const TRANSLATED: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_ASYNC_CONSTRAINT: 'not_found',
};

/** Seconds until it may be worth another try, where the error says nothing itself. */
const RETRY_AFTER_S = 1;

/** Where there are pages, an address that a browser visits and nobody knows is one of theirs. */
export function answerErrors(app: FastifyInstance, log: Logger, pages?: Pages): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = translate(thrown, request);
    if (error.status >= 500 && error.code !== 'shutting_down') report(error, thrown, request, log);
    return sendProblem(reply, error, pathOf(request));
  });
  app.setNotFoundHandler((request, reply) => {
    if (pages !== undefined && isPage(request) && app.hasRoute({ method: 'GET', url: '/' }))
      return sendPage(request, reply, pages);
    const path = pathOf(request);
    const methods = methodsOf(path, ({ method, path: url }) => app.hasRoute({ method, url: registered(url) }));
    if (methods.length === 0)
      return sendProblem(reply, new MyelinError('not_found', `There is nothing at ${path}.`), path);
    return sendProblem(reply, notAllowed(request.method, methods), path);
  });
}

/** The path of a webhook may hold slashes. */
const registered = (url: string): string => url.replace('/webhooks/:path', '/webhooks/*');

/** `method_not_allowed`; the problem names the methods in `Allow`. */
export function notAllowed(method: string, allowed: readonly string[]): MyelinError {
  return new MyelinError('method_not_allowed', `${method} is not taken here; use ${allowed.join(' or ')}.`, {
    allowed,
  });
}

function sendProblem(reply: FastifyReply, error: MyelinError, instance: string): FastifyReply {
  const problem = toProblem(error, instance);
  const data = isObject(error.data) ? error.data : {};
  if (error.status === 429 || error.status === 503) reply.header('retry-after', String(retryAfter(data)));
  if (error.code === 'method_not_allowed' && Array.isArray(data.allowed))
    reply.header('allow', data.allowed.join(', '));
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  // The framework would close at once, and who is still sending would see a broken connection instead of the answer.
  // The rest of the body is read past, for as long as a request may take.
  if (error.code === 'body_too_large') reply.removeHeader('connection');
  return reply.code(error.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

function toProblem(error: MyelinError, instance: string): Problem {
  const { code, status, message } = error;
  const errors = isObject(error.data) && Array.isArray(error.data.errors) ? (error.data.errors as Fault[]) : undefined;
  return {
    type: problemType(code),
    title: ERRORS[code].meaning,
    status,
    detail: message,
    code,
    instance,
    ...(errors !== undefined && { errors }),
    ...(isObject(error.data) && error.data.decision !== undefined && { decision: error.data.decision }),
  };
}

function translate(thrown: unknown, request: FastifyRequest): MyelinError {
  if (thrown instanceof MyelinError) return thrown;
  const { code, statusCode } = isObject(thrown) ? thrown : {};
  const known = typeof code === 'string' ? TRANSLATED[code] : undefined;
  if (known === 'body_too_large') return new MyelinError(known, tooLarge(request));
  if (known !== undefined) return new MyelinError(known);
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new MyelinError('invalid_request');
  return new MyelinError('internal', undefined, undefined, thrown);
}

function tooLarge({ headers, routeOptions: { bodyLimit } }: FastifyRequest): string {
  const size = headers['content-length'];
  const body = size === undefined ? 'The body is too large' : `The body has ${size} bytes`;
  return `${body}; at most ${bodyLimit} are taken here.`;
}

/** Method and route, not the address or the headers: they may hold secrets. */
function report(error: MyelinError, thrown: unknown, request: FastifyRequest, log: Logger): void {
  const route = request.routeOptions.url ?? 'none';
  const stack = thrown instanceof Error && error.code === 'internal' ? thrown.stack : undefined;
  log.error({ method: request.method, route, code: error.code, stack }, `a request failed: ${error.message}`);
}

function retryAfter(data: { readonly [key: string]: unknown }): number {
  const ms = typeof data.retryAfterMs === 'number' ? data.retryAfterMs : 0;
  return Math.max(RETRY_AFTER_S, Math.ceil(ms / 1000));
}

/** Without the query, which may hold secrets. */
function pathOf(request: FastifyRequest): string {
  const { url } = request;
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
