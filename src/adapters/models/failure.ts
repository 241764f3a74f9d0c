/**
 * Why a provider did not answer, in the errors of the port. A message may have the provider's own reason, but never a
 * key or a header, and nothing of an answer about keys, which may quote one.
 */
import { type ErrorCode, MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import type { Usage } from '../../core/money.ts';
import { parseJson } from '../../core/safe-json.ts';

/** Something failed after the provider had counted what it costs. */
export class PaidFailure extends Error {
  readonly usage: Usage | undefined;

  constructor(cause: unknown, usage: Usage | undefined) {
    super('The answer of a provider failed.', { cause });
    this.usage = usage;
  }
}

export interface FailurePlace {
  /** As it was asked for. */
  readonly model: string;
  /** The variable of its key. */
  readonly key: string | null;
  /** Struck out wherever they stand. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch, for a `Retry-After` that names a time. */
  readonly now: number;
}

const CONTEXT =
  /context[ _](?:length|window|size)|maximum context|prompt is too long|input is too long|input token count|too many (?:input )?tokens/i;
const QUOTA = /insufficient_quota|billing_hard_limit/;
const LONGEST_REASON = 300;

/** Ours as they are, but for a connection that failed: to the caller it is the model that did. */
export function asModelError(thrown: unknown, place: FailurePlace): MyelinError {
  const usage = thrown instanceof PaidFailure ? thrown.usage : undefined;
  const error = thrown instanceof PaidFailure ? thrown.cause : thrown;
  const paid = usage === undefined ? {} : { usage };
  const ours = chain(error).find((one) => one instanceof MyelinError);
  const call = chain(error).find((one) => isObject(one) && typeof one.statusCode === 'number');
  const status = isObject(call) && typeof call.statusCode === 'number' ? call.statusCode : 200;
  if (status >= 400) return ofStatus(status, call, place, paid);
  if (ours !== undefined && !FAILED.has(ours.code)) return ours;
  // Without a connection nothing was sent; one that broke later may have been paid for.
  const isUnreached = ours?.code === 'connection_failed' && !(thrown instanceof PaidFailure);
  const why = ours?.message ?? `It sent something that cannot be read${reasonOf(error, place)}`;
  return new MyelinError(
    'model_failed',
    `${place.model} could not answer. ${why}`,
    dataOf({ ...paid, ...(isUnreached && { reached: false }) }),
    error,
  );
}

const FAILED: ReadonlySet<string> = new Set([
  ...['connection_failed', 'http_invalid_answer', 'http_too_large', 'model_failed'],
]);

function ofStatus(status: number, call: unknown, place: FailurePlace, paid: object): MyelinError {
  const { model, key } = place;
  const body = isObject(call) && typeof call.responseBody === 'string' ? call.responseBody : '';
  const wait = retryAfter(isObject(call) ? call.responseHeaders : undefined, place.now);
  const data = dataOf({ status, ...(wait !== undefined && { retryAfterMs: wait }), ...paid });
  const of = (code: ErrorCode, message: string) => new MyelinError(code, message, data, call);
  const reason = reasonOf(call, place);
  if (status === 401 || status === 403) {
    return of(
      'model_refused',
      `${model} refused the key${key === null ? '; it may need one' : ` in ${key}`} (${status}).`,
    );
  }
  if (status === 429 && QUOTA.test(body)) return of('model_refused', `The account behind ${model} has nothing left.`);
  if (status === 429) return of('rate_limited', `${model} has had too many requests.`);
  if (status >= 500 || status === 408 || status === 425) {
    return of('model_failed', `${model} could not answer (${status})${reason}`);
  }
  if ((status === 400 || status === 413 || status === 422) && CONTEXT.test(body)) {
    return of('context_too_long', `The conversation is longer than ${model} can read${reason}`);
  }
  return of('model_refused', `${model} does not take the request (${status})${reason}`);
}

const dataOf = (data: object): object | undefined => (Object.keys(data).length === 0 ? undefined : data);

/** An error and its causes. */
function chain(error: unknown): unknown[] {
  const all: unknown[] = [];
  for (let one = error; one !== undefined && all.length < 8; one = isObject(one) ? one.cause : undefined) all.push(one);
  return all;
}

/** `: what the provider said.`, or a full stop. */
function reasonOf(error: unknown, { secrets }: FailurePlace): string {
  const said = isObject(error) ? providerMessage(error) : undefined;
  if (said === undefined) return '.';
  const plain = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), said);
  const short = plain.length > LONGEST_REASON ? `${plain.slice(0, LONGEST_REASON)}…` : plain;
  return `: ${short.replace(/\.$/, '')}.`;
}

/** The field `message` of the body, wherever a provider puts it; a page of HTML is no reason. */
function providerMessage(error: { readonly [key: string]: unknown }): string | undefined {
  const body = typeof error.responseBody === 'string' ? tryJson(error.responseBody) : error;
  const first = Array.isArray(body) ? body[0] : body;
  if (!isObject(first)) return undefined;
  const inner = isObject(first.error) ? first.error : first;
  const isProviders = error.responseBody !== undefined || !(error instanceof Error);
  const text = isProviders ? inner.message : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function tryJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** In milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfter(headers: unknown, now: number): number | undefined {
  if (!isObject(headers)) return undefined;
  const exact = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (exact > 0) return Math.ceil(exact);
  const text = headers['retry-after'];
  if (typeof text !== 'string') return undefined;
  const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return wait > 0 ? Math.ceil(wait) : undefined;
}
