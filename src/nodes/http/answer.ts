/** From an answer to the output of the node, or to the error it stands for. */
import { MyelinError } from '../../core/errors.ts';
import { statusFailure } from '../../core/http-failure.ts';
import { isObject } from '../../core/json.ts';
import { SENT } from '../../core/lost-answer.ts';
import { parseJson } from '../../core/safe-json.ts';
import type { EgressResponse } from '../../ports/egress.ts';
import type { HttpConfig } from './config.ts';

/** What an answer becomes in the output; a binary body is `{ base64, contentType, size }`. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const EXCERPT_BYTES = 2_048;

/** Throws for a status from 400 on that `allowStatus` does not list. `now` in ms since the epoch, if known. */
export function checkStatus(
  config: HttpConfig,
  method: string,
  response: EgressResponse,
  now: number | undefined,
): void {
  const { status } = response;
  if (
    status < 400 ||
    config.allowStatus?.some((entry) => entry === status || entry === `${Math.floor(status / 100)}xx`)
  )
    return;
  const body = excerpt(response);
  const message = `${method} ${placeOf(response.url)} answered ${status}.`;
  throw statusFailure(message, response, now, body === '' ? {} : { body });
}

/** The beginning of a body that is text. */
function excerpt(response: EgressResponse): string {
  const { kind, charset } = typeOf(response);
  return kind === 'binary' ? '' : decode(response.body.subarray(0, EXCERPT_BYTES), charset);
}

/** The answer with its body read as `response` says; throws `http_invalid_answer` for JSON that is none. */
export function readAnswer(response: EgressResponse, form: HttpConfig['response'] = 'auto'): Answer {
  const { status, headers } = response;
  return { status, headers, body: readBody(response, form) };
}

function readBody(response: EgressResponse, form: NonNullable<HttpConfig['response']>): unknown {
  const type = typeOf(response);
  const kind = form === 'auto' ? type.kind : form;
  if (kind === 'binary') {
    if (form === 'auto' && response.body.length === 0) return null;
    const contentType = response.headers['content-type'] ?? 'application/octet-stream';
    return { base64: Buffer.from(response.body).toString('base64'), contentType, size: response.body.length };
  }
  const text = decode(response.body, type.charset);
  if (kind === 'text') return text;
  return text.trim() === '' ? null : readJson(text, response.url);
}

function readJson(text: string, url: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof MyelinError) || error.code !== 'invalid_json') throw error;
    throw new MyelinError('http_invalid_answer', `${placeOf(url)} did not answer JSON. ${error.message}`, {
      ...(isObject(error.data) && error.data),
      ...SENT,
    });
  }
}

type Kind = 'json' | 'text' | 'binary';

/** By content type; without one, what reads as UTF-8 is text. */
function typeOf(response: EgressResponse): { readonly kind: Kind; readonly charset: string } {
  const header = response.headers['content-type'] ?? '';
  const type = header.split(';')[0]!.trim().toLowerCase();
  const charset = /;\s*charset="?([^\s";]+)/i.exec(header)?.[1] ?? 'utf-8';
  if (type === '') return { kind: response.body.length > 0 && isUtf8(response.body) ? 'text' : 'binary', charset };
  if (type === 'application/json' || type === 'text/json' || type.endsWith('+json')) return { kind: 'json', charset };
  const isText = type.startsWith('text/') || type.endsWith('+xml') || type.endsWith('+yaml') || TEXT_TYPES.has(type);
  return { kind: isText ? 'text' : 'binary', charset };
}

const TEXT_TYPES: ReadonlySet<string> = new Set([
  'application/xml',
  'application/yaml',
  'application/x-yaml',
  'application/x-ndjson',
  'application/jsonl',
  'application/javascript',
  'application/graphql',
  'application/sql',
  'application/x-www-form-urlencoded',
]);

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A character set nobody knows is read as UTF-8; what does not fit is replaced. */
function decode(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Host and path: a query may hold secrets. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
