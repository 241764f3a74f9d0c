/**
 * /webhooks/*: the hot path. The order is the law (rules R7 and R13): who is called, who calls, the signature on the
 * raw bytes, and only then what the body says; nothing is stored before all of it has passed.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { METHODS } from '../../contract/route.ts';
import { type OperationId, ROUTES } from '../../contract/routes.ts';
import { MyelinError } from '../../core/errors.ts';
import { stripHtmlIn } from '../../core/strip-html.ts';
import { isUuid } from '../../core/uuid.ts';
import { failpoint } from '../../engine/failpoint.ts';
import type { Start } from '../../engine/starter.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { checkRequest } from '../../triggers/webhook/guard.ts';
import { verifySignature } from '../../triggers/webhook/verify.ts';
import type { ApiDeps } from '../deps.ts';
import { routeSchema } from '../route-schema.ts';
import { startKey } from '../start-key.ts';
import { sendAccepted, sendOutcome, sendResponse } from './answer.ts';
import type { Address, Hook, Registrations } from './registrations.ts';
import { readBody, readFields, readHeaders, type WebhookTrigger } from './request.ts';
import { answerOf } from './result.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The webhook that is called, found before the body is read. */
    hook: Hook | null;
  }
}

const PREFIX = '/webhooks/';
const LONGEST_KEY = 255;

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

/** `closing` fires when the server stops: who waits for a result gets the 202. */
export async function webhooks(
  scope: FastifyInstance,
  deps: Deps,
  registrations: Registrations,
  closing: AbortSignal,
): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  scope.decorateRequest('hook', null);
  scope.addHook('onRequest', async (request) => {
    const hook = await registrations.find(addressOf(request));
    guard(hook, request, Number(request.headers['content-length'] ?? 0));
    deps.engine.backlog?.check();
    request.hook = hook;
  });
  scope.addHook('onResponse', (_, reply, done) => {
    if (reply.statusCode === 202) failpoint('ingress.after-answer');
    done();
  });
  for (const method of METHODS) {
    const id = `${method.toLowerCase()}Webhook` as OperationId;
    scope.route({
      method,
      url: `${PREFIX}*`,
      schema: routeSchema(id, ROUTES[id]),
      config: { permission: 'public' },
      handler: (request, reply) => take(deps, closing, request, reply),
    });
  }
}

/** `~PROJECT/path` is a webhook of that project. */
function addressOf({ url, method }: FastifyRequest): Address {
  const query = url.indexOf('?');
  const path = url.slice(PREFIX.length, query === -1 ? undefined : query);
  const slash = path.indexOf('/');
  const projectId = path.startsWith('~') && slash > 0 ? path.slice(1, slash) : '';
  if (!isUuid(projectId)) return { projectId: DEFAULT_PROJECT, method, path };
  return { projectId: projectId.toLowerCase(), method, path: path.slice(slash + 1) };
}

function guard({ config }: Hook, { ip, headers }: FastifyRequest, size: number): void {
  checkRequest(config, { ip, headers, size });
}

async function take(
  deps: Deps,
  closing: AbortSignal,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const hook = request.hook as Hook;
  const raw = Buffer.isBuffer(request.body) ? request.body : EMPTY;
  const now = deps.runtime.now();
  if (raw.length > 0) guard(hook, request, raw.length);
  const { verify } = hook.config;
  if (verify) verifySignature(verify.scheme, verify.secret, request.headers, raw, now, verify.header);
  const start = startOf(hook, triggerOf(hook, request, raw), request, now);
  if (hook.waitMs !== null) return await takeAndWait(deps, closing, start, now + hook.waitMs, reply);
  const { executionId } = await deps.engine.starter.start(start);
  return sendAccepted(reply, executionId);
}

const EMPTY = Buffer.alloc(0);

function triggerOf(hook: Hook, request: FastifyRequest, raw: Buffer): WebhookTrigger {
  const { url, method, headers } = request;
  const query = url.indexOf('?');
  const body = readBody(raw, headers['content-type']);
  return {
    body: hook.config.sanitize === 'html' ? stripHtmlIn(body) : body,
    headers: readHeaders(headers, hook.hidden),
    query: query === -1 ? {} : readFields(url.slice(query + 1)),
    params: hook.params,
    method,
  };
}

/** Throws `expression_failed` and `invalid_request`. The dedupe key is read from the request as it came. */
function startOf(hook: Hook, $trigger: WebhookTrigger, request: FastifyRequest, now: number): Start {
  const { row, dedupe, transform } = hook;
  const { projectId, workflowId, version, triggerName: triggerId } = row;
  const env = { $trigger, $json: $trigger, $now: now };
  const trigger = transform === null ? $trigger : (transform.resolve(env) ?? null);
  const wanted = dedupe.key === null ? null : asKey(dedupe.key.resolve(env));
  const key = wanted ?? signedId(hook, request) ?? headerKey(request);
  const start = { projectId, workflowId, version, triggerId, trigger };
  if (key === null) return start;
  return { ...start, key: { key: startKey(workflowId, triggerId, key), expiresAt: now + dedupe.ttlMs } };
}

function asKey(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Standard Webhooks signs an id with each message, so that a replay within the tolerance starts nothing again. */
function signedId({ config }: Hook, { headers }: FastifyRequest): string | null {
  return config.verify?.scheme === 'standard' ? `webhook-id:${headers['webhook-id']}` : null;
}

function headerKey({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') return null;
  if (typeof key === 'string' && key.length <= LONGEST_KEY) return key;
  throw new MyelinError('invalid_request', `Idempotency-Key takes one value of at most ${LONGEST_KEY} characters.`);
}

/** `respond: result`. A request that was there before waits for the answer of the same execution. */
async function takeAndWait(
  deps: Deps,
  closing: AbortSignal,
  start: Start,
  until: number,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { engine, runtime } = deps;
  const chosen = runtime.id();
  const over = new AbortController();
  const stop = () => over.abort('gone');
  closing.addEventListener('abort', stop, { once: true });
  reply.raw.once('close', stop);
  try {
    const heard = engine.outcomes.wait(chosen, over.signal);
    const { executionId } = await engine.starter.start({ ...start, executionId: chosen });
    const awaited = { projectId: start.projectId, executionId, until, over: over.signal };
    const isOurs = executionId === chosen;
    const answer = await answerOf(deps, { ...awaited, heard: isOurs ? heard : undefined });
    if (answer === null) return sendAccepted(reply, executionId);
    if ('response' in answer) return sendResponse(reply, executionId, answer.response);
    return sendOutcome(reply, executionId, answer.outcome);
  } finally {
    closing.removeEventListener('abort', stop);
    stop();
  }
}
