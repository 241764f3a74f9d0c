/** From a config whose templates are resolved to a request. What a template made of a field is checked here. */
import { parseDuration } from '../../core/duration.ts';
import { MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import type { EgressRequest } from '../../ports/egress.ts';
import { type HttpConfig, isMethod, type Method } from './config.ts';

/** Methods that change nothing (RFC 9110): no idempotency key, and a repeat does no harm. */
export const isSafe = (method: Method): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** The error for a field that is wrong in some way: it says whose field it is, and never its value. */
export type Refusal = (field: string, what: string) => MyelinError;

export const ofNode: Refusal = (field, what) =>
  new MyelinError('config_invalid', `The field ${field} of the http node ${what}.`, { field });

/** Throws what `refused` makes, `config_invalid`. */
export function buildRequest(
  config: HttpConfig,
  idempotencyKey: string,
  refused: Refusal = ofNode,
): EgressRequest & { method: Method } {
  const method = methodOf(config, refused);
  const headers = new Map<string, string>();
  const setHeader = headerSetter(headers, refused);
  for (const [name, value] of Object.entries(objectOf(config.headers, 'headers', refused))) {
    if (value !== null && value !== undefined) setHeader(name, scalarText(value, `headers.${name}`, refused));
  }
  if (config.auth !== undefined) setHeader(...credentials(config.auth, refused));
  const body = encodeBody(config, headers, refused);
  if (!isSafe(method) && !headers.has('idempotency-key')) headers.set('idempotency-key', idempotencyKey);
  return {
    method,
    url: urlOf(config, refused).href,
    headers: Object.fromEntries(headers),
    ...(body !== undefined && { body }),
    ...(config.timeout !== undefined && { timeoutMs: parseDuration(config.timeout) }),
  };
}

/** Host and port; undefined for what is no URL, which fails before anything is sent. */
export function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}

/** The method of a config whose templates are resolved, in upper case; default GET. */
export function methodOf(config: HttpConfig, refused: Refusal = ofNode): Method {
  const method = String(config.method ?? 'GET').toUpperCase();
  if (!isMethod(method)) throw refused('method', 'is not an HTTP method');
  return method;
}

/** A number from 1 on, or the default where the config has none. */
export function countOf(value: unknown, field: string, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!Number.isInteger(value) || (value as number) < 1) throw ofNode(field, 'is not a whole number from 1 on');
  return value as number;
}

function urlOf(config: HttpConfig, refused: Refusal): URL {
  if (!URL.canParse(config.url)) throw refused('url', 'is not a whole URL such as https://example.com/path');
  const url = new URL(config.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused('url', 'is not http or https');
  if (url.username !== '' || url.password !== '') throw refused('url', 'carries a user or password; use `auth`');
  appendAll(url.searchParams, config.query, 'query', refused);
  return url;
}

function appendAll(parameters: URLSearchParams, values: unknown, field: string, refused: Refusal): void {
  for (const [name, value] of Object.entries(objectOf(values, field, refused))) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (item !== null && item !== undefined) parameters.append(name, scalarText(item, `${field}.${name}`, refused));
    }
  }
}

/** Text goes as it is, everything else as JSON; a content type the user set stays. */
function encodeBody(config: HttpConfig, headers: Map<string, string>, refused: Refusal): string | undefined {
  const typed = (type: string, body: string): string => {
    if (!headers.has('content-type')) headers.set('content-type', type);
    return body;
  };
  if (config.form !== undefined) {
    const form = new URLSearchParams();
    appendAll(form, config.form, 'form', refused);
    return typed('application/x-www-form-urlencoded', form.toString());
  }
  if (config.body === undefined) return undefined;
  if (typeof config.body === 'string') return typed('text/plain; charset=utf-8', config.body);
  return typed('application/json', JSON.stringify(config.body));
}

function credentials(auth: NonNullable<HttpConfig['auth']>, refused: Refusal): [name: string, value: string] {
  if (auth.type === 'header') return [auth.name, scalarText(auth.value, 'auth.value', refused)];
  if (auth.type === 'bearer') return ['authorization', `Bearer ${scalarText(auth.token, 'auth.token', refused)}`];
  const user = scalarText(auth.user, 'auth.user', refused);
  if (user.includes(':')) throw refused('auth.user', 'holds a colon, which basic authentication cannot carry');
  const pair = `${user}:${scalarText(auth.password, 'auth.password', refused)}`;
  return ['authorization', `Basic ${Buffer.from(pair).toString('base64')}`];
}

/** A line break in a value would let it add headers, or a whole request. */
const headerSetter =
  (headers: Map<string, string>, refused: Refusal) =>
  (name: string, value: string): void => {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      throw refused('headers', `has ${JSON.stringify(name)}, no header name`);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw refused(`headers.${name}`, 'holds a line break, a control character or one outside Latin-1');
    }
    headers.set(name.toLowerCase(), value);
  };

function objectOf(value: unknown, field: string, refused: Refusal): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw refused(field, 'is not an object');
  return value;
}

function scalarText(value: unknown, field: string, refused: Refusal): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw refused(field, 'is not text, a number or a boolean');
}
