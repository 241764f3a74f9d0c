/**
 * One exchange as far as the head of the answer: every address is checked before it is called, few redirects are
 * followed. What becomes of the body is the caller's.
 */
import { type Dispatcher, errors } from 'undici';
import { type ErrorCode, MyelinError } from '../../core/errors.ts';
import { SENT } from '../../core/lost-answer.ts';
import type { Deadline } from './deadline.ts';
import { denied, type Policy, placeOf } from './policy.ts';
import { type Hop, nextHop } from './redirect.ts';

/** What a client is made of. */
export interface Line {
  readonly agent: Pick<Dispatcher, 'request'>;
  readonly policy: Policy;
}

export interface Reached {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** To be read or destroyed. */
  readonly body: Dispatcher.ResponseData['body'];
  /** The last one. */
  readonly hop: Hop;
}

/** `manual`: a redirect is an answer as any other. */
export type Redirects = 'follow' | 'manual';

const MAX_REDIRECTS = 3;
/** What is read of a redirect's body so that its connection can serve again. */
const REDIRECT_BODY_BYTES = 16 * 1024;

/** Set by the client itself; a caller's value would mislead the target about host, framing or hop. */
export const OWN_HEADERS: ReadonlySet<string> = new Set([
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

/** They change nothing at the target, whatever becomes of the answer. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Notes with the deadline of a request that it goes out: its connection stands by then. */
export const noteSent: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { opaque: deadline } = options as { opaque?: Deadline };
  if (deadline === undefined) return dispatch(options, handler);
  const begin = handler.onRequestStart?.bind(handler);
  handler.onRequestStart = (controller, context) => {
    deadline.isOut = true;
    begin?.(controller, context);
  };
  return dispatch(options, handler);
};

export function parseUrl(url: string): URL {
  if (URL.canParse(url)) return new URL(url);
  throw new MyelinError('egress_denied', 'The URL is not valid; write it whole, such as https://example.com/path.');
}

/** Throws the errors of the port. */
export async function reach(line: Line, first: Hop, redirects: Redirects, deadline: Deadline): Promise<Reached> {
  let hop = first;
  try {
    for (let count = 0; ; count++) {
      if (count > MAX_REDIRECTS) throw denied(hop.url, `was reached by more than ${MAX_REDIRECTS} redirects`);
      line.policy.checkUrl(hop.url);
      deadline.signal.throwIfAborted();
      const answer = await send(line.agent, hop, redirects, deadline);
      if (!('method' in answer)) return answer;
      hop = answer;
    }
  } catch (error) {
    throw asMyelinError(error, hop.url, deadline);
  }
}

/** One request and its answer, or the hop that a redirect asks for. */
async function send(agent: Line['agent'], hop: Hop, redirects: Redirects, deadline: Deadline): Promise<Reached | Hop> {
  if (hop.method === 'CONNECT') throw denied(hop.url, 'was to be called with CONNECT; use another method');
  const answer = agent.request({
    origin: hop.url.origin,
    path: `${hop.url.pathname}${hop.url.search}`,
    method: hop.method,
    headers: hop.headers,
    body: hop.body ?? null,
    signal: deadline.signal,
    ...(!SAFE.has(hop.method) && { opaque: deadline }),
  });
  // undici hears the signal only once the connection stands; until then nobody else ends the wait.
  const { statusCode: status, headers, body } = await Promise.race([answer, deadline.passed]);
  // Whoever leaves early must end the body, and an ended body may still report an error to nobody.
  body.on('error', () => {});
  try {
    const next = redirects === 'follow' ? nextHop(hop, status, single(headers.location)) : undefined;
    if (next === undefined) return { status, headers, body, hop };
    await body.dump({ limit: REDIRECT_BODY_BYTES, signal: deadline.signal });
    return next;
  } catch (error) {
    body.destroy();
    throw error;
  }
}

export const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

/** Any failure of the exchange in the words of the port. The target's host and path are named, nothing else. */
export function asMyelinError(error: unknown, url: URL, deadline: Deadline): MyelinError {
  if (error instanceof MyelinError) return error;
  const place = placeOf(url);
  const of = (code: ErrorCode, message: string) =>
    new MyelinError(code, message, deadline.isOut ? SENT : undefined, error);
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
