/**
 * The one egress client (rule R9 of security): checks the address, dials exactly what was checked, follows few
 * redirects and checks each, caps size and time. Connections are kept alive and pooled by origin.
 */
import { Agent, errors } from 'undici';
import { type ErrorCode, MyelinError } from '../../core/errors.ts';
import { isUnsafeKey } from '../../core/safe-json.ts';
import type { Egress, EgressRequest, EgressResponse } from '../../ports/egress.ts';
import { ACCEPTED_ENCODINGS, readAnswerBody, tooLarge } from './answer-body.ts';
import { createConnector, type Lookup, lookupBySystem } from './connector.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { createPolicy, denied, type Policy, placeOf } from './policy.ts';
import { type Hop, nextHop } from './redirect.ts';

export interface EgressOptions {
  /** `host`, `host:port`, `*.domain`, address or CIDR range that is let through though it is not public. */
  readonly allow: readonly string[];
  /** Permits 127.0.0.0/8 and ::1. */
  readonly loopback: boolean;
  /** Resolves names; default the system's resolver. */
  readonly lookup?: Lookup;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const MAX_REDIRECTS = 3;
/** Enough for a busy worker, and an end to what one slow host can hold. */
const CONNECTIONS_PER_ORIGIN = 256;
/** What is read of a redirect's body so that its connection can serve again. */
const REDIRECT_BODY_BYTES = 16 * 1024;

/** Set by the client itself; a caller's value would mislead the target about host, framing or hop. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Throws `config_refused` for an `allow` entry that cannot be read. `close` breaks what is still in flight. */
export function createEgress(options: EgressOptions): Egress & { close(): Promise<void> } {
  const policy = createPolicy(options);
  const agent = new Agent({
    connect: createConnector(policy, options.lookup ?? lookupBySystem),
    connections: CONNECTIONS_PER_ORIGIN,
    allowH2: false,
    // The deadline of the exchange covers both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    request: (request) => exchange(agent, policy, request),
    close: () => agent.destroy(),
  };
}

async function exchange(agent: Agent, policy: Policy, request: EgressRequest): Promise<EgressResponse> {
  let hop = firstHop(request);
  const deadline = createDeadline(request.timeoutMs ?? DEFAULT_TIMEOUT_MS, request.signal);
  try {
    for (let redirects = 0; ; redirects++) {
      if (redirects > MAX_REDIRECTS) throw denied(hop.url, `was reached by more than ${MAX_REDIRECTS} redirects`);
      policy.checkUrl(hop.url);
      deadline.signal.throwIfAborted();
      const answer = await send(agent, hop, request.maxBytes ?? DEFAULT_MAX_BYTES, deadline);
      if (!('method' in answer)) return answer;
      hop = answer;
    }
  } catch (error) {
    throw asMyelinError(error, hop.url, deadline);
  } finally {
    deadline.end();
  }
}

function firstHop(request: EgressRequest): Hop {
  if (!URL.canParse(request.url)) {
    throw new MyelinError('egress_denied', 'The URL is not valid; write it whole, such as https://example.com/path.');
  }
  const headers: Record<string, string> = { 'user-agent': 'Myelin', 'accept-encoding': ACCEPTED_ENCODINGS };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (OWN_HEADERS.has(name.toLowerCase())) {
      throw new MyelinError('config_invalid', `The header ${name} is set by the connection itself; leave it out.`);
    }
    headers[name.toLowerCase()] = value;
  }
  return { method: request.method.toUpperCase(), url: new URL(request.url), headers, body: request.body };
}

/** One request and its answer, or the hop that a redirect asks for. */
async function send(agent: Agent, hop: Hop, maxBytes: number, deadline: Deadline): Promise<EgressResponse | Hop> {
  if (hop.method === 'CONNECT') throw denied(hop.url, 'was to be called with CONNECT; use another method');
  const answer = agent.request({
    origin: hop.url.origin,
    path: `${hop.url.pathname}${hop.url.search}`,
    method: hop.method,
    headers: hop.headers,
    body: hop.body ?? null,
    signal: deadline.signal,
  });
  // undici hears the signal only once the connection stands; until then nobody else ends the wait.
  const { statusCode, headers, body } = await Promise.race([answer, deadline.passed]);
  // Whoever leaves early must end the body, and an ended body may still report an error to nobody.
  body.on('error', () => {});
  try {
    const next = nextHop(hop, statusCode, single(headers.location));
    if (next !== undefined) {
      await body.dump({ limit: REDIRECT_BODY_BYTES, signal: deadline.signal });
      return next;
    }
    if (hop.method !== 'HEAD' && Number(headers['content-length']) > maxBytes && !headers['content-encoding']) {
      throw tooLarge(maxBytes, placeOf(hop.url));
    }
    const encoding = single(headers['content-encoding']);
    const data = await readAnswerBody(body, encoding, maxBytes, placeOf(hop.url));
    return { status: statusCode, headers: plainHeaders(headers, encoding), body: data, url: hop.url.href };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

/** As the port has them; what described the compressed form is left out of a body that is plain now. */
function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  encoding: string | undefined,
): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || isUnsafeKey(name)) continue;
    if (encoding !== undefined && (name === 'content-encoding' || name === 'content-length')) continue;
    plain[name] = single(value)!;
  }
  return plain;
}

/** Any failure of the exchange in the words of the port. The target's host and path are named, nothing else. */
function asMyelinError(error: unknown, url: URL, deadline: Deadline): MyelinError {
  if (error instanceof MyelinError) return error;
  const place = placeOf(url);
  const of = (code: ErrorCode, message: string) => new MyelinError(code, message, undefined, error);
  if (deadline.cause === 'time') return of('timeout', `${place} did not answer whole within ${deadline.timeoutMs} ms.`);
  if (deadline.cause === 'caller') {
    const reason: unknown = deadline.signal.reason;
    return reason instanceof MyelinError ? reason : of('interrupted', `The request to ${place} was aborted.`);
  }
  if (error instanceof errors.HeadersOverflowError) {
    return of('http_too_large', `The headers of the answer of ${place} are too large.`);
  }
  if (error instanceof errors.InvalidArgumentError) {
    // Its message names the header or part that is wrong, never a value.
    return of('config_invalid', `The request to ${place} cannot be sent: ${error.message}.`);
  }
  return of('connection_failed', `The connection to ${place} failed (${reasonOf(error)}).`);
}

/** The code of the system, such as ECONNREFUSED; messages of the system may name what is private. */
function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const code = (first as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
}
