/** From an operation and its arguments to a request. Nothing in an argument can leave its place in the address. */
import { MyelinError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json.ts';
import type { EgressRequest } from '../../../ports/egress.ts';
import type { OpenapiAuth } from '../settings.ts';
import type { Operation, Parameter } from './operations.ts';

/** The key that the operator gives to the API. */
export interface Credentials {
  readonly auth: OpenapiAuth;
  readonly value: string;
}

/** Throws `config_invalid` for an argument that is missing in the path, or cannot stand where it is to. */
export function requestOf(
  operation: Operation,
  base: string,
  given: JsonObject,
  idempotencyKey: string,
  credentials: Credentials | undefined,
): EgressRequest {
  const headers: Record<string, string> = { accept: 'application/json, text/*;q=0.9, */*;q=0.1' };
  if (!['GET', 'HEAD', 'OPTIONS'].includes(operation.method)) headers['idempotency-key'] = idempotencyKey;
  const query: string[] = [];
  for (const parameter of operation.inputs) {
    const value = given[parameter.argument];
    if (value === undefined || value === null || parameter.in === 'path') continue;
    if (parameter.in === 'query') query.push(...queryOf(parameter, value));
    else headers[parameter.name.toLowerCase()] = headerText(parameter, simple(parameter, value));
  }
  const { auth, value } = credentials ?? {};
  if (auth?.type === 'query') query.push(pair(auth.name, value ?? ''));
  else if (auth !== undefined) headers[headerOf(auth)] = authText(auth, value ?? '');
  const sent = operation.bodyType !== undefined && given.body !== undefined ? JSON.stringify(given.body) : undefined;
  if (sent !== undefined && operation.bodyType !== undefined) headers['content-type'] = operation.bodyType;
  const url = `${base}${pathOf(operation, given)}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  return { method: operation.method, url, headers, ...(sent !== undefined && { body: sent }) };
}

const headerOf = (auth: OpenapiAuth): string => (auth.type === 'header' ? auth.name.toLowerCase() : 'authorization');

function authText(auth: OpenapiAuth, value: string): string {
  if (auth.type === 'basic') return `Basic ${Buffer.from(value).toString('base64')}`;
  return auth.type === 'bearer' ? `Bearer ${value}` : value;
}

/** Each value is percent-encoded; a segment of dots would climb up the path, however it is spelled. */
function pathOf({ path, inputs }: Operation, given: JsonObject): string {
  const filled = path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const parameter = inputs.find((one) => one.in === 'path' && one.name === name);
    const value = parameter === undefined ? undefined : given[parameter.argument];
    const text = parameter === undefined || value === undefined || value === null ? '' : simple(parameter, value);
    if (text === '') throw invalid(parameter?.argument ?? name, 'is missing, and the path needs it');
    return encode(text);
  });
  const climbs = filled.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
  if (climbs) throw new MyelinError('config_invalid', 'An argument of the path may not be `.` or `..`.');
  return filled.startsWith('/') ? filled : `/${filled}`;
}

/** Style `simple`: lists with commas, objects as `key,value` or `key=value`. */
function simple(parameter: Parameter, value: unknown): string {
  if (parameter.json) return JSON.stringify(value);
  if (Array.isArray(value)) return value.map((item) => scalar(parameter, item)).join(',');
  if (!isObject(value)) return scalar(parameter, value);
  const glue = parameter.explode ? '=' : ',';
  return Object.entries(value)
    .map(([key, inner]) => `${key}${glue}${scalar(parameter, inner)}`)
    .join(',');
}

const DELIMITERS: Readonly<Record<string, string>> = { form: ',', spaceDelimited: '%20', pipeDelimited: '%7C' };

function queryOf(parameter: Parameter, value: unknown): string[] {
  const { name, style, explode, json } = parameter;
  if (json) return [pair(name, JSON.stringify(value))];
  if (Array.isArray(value)) {
    const items = value.map((item) => scalar(parameter, item));
    if (explode) return items.map((item) => pair(name, item));
    return [`${encode(name)}=${items.map(encode).join(DELIMITERS[style] ?? ',')}`];
  }
  if (!isObject(value)) return [pair(name, scalar(parameter, value))];
  const fields = Object.entries(value).map(([key, inner]) => [key, scalar(parameter, inner)] as const);
  if (style === 'deepObject') return fields.map(([key, inner]) => pair(`${name}[${key}]`, inner));
  if (explode) return fields.map(([key, inner]) => pair(key, inner));
  return [`${encode(name)}=${fields.flatMap(([key, inner]) => [encode(key), encode(inner)]).join(',')}`];
}

/** encodeURIComponent, which throws for half of a surrogate pair. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());

const pair = (name: string, value: string): string => `${encode(name)}=${encode(value)}`;

function scalar(parameter: Parameter, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return '';
  throw invalid(parameter.argument, 'is nested deeper than a parameter can carry');
}

/** A line break would let a value add headers. */
function headerText(parameter: Parameter, text: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text;
  throw invalid(parameter.argument, 'holds a line break, a control character or one outside Latin-1');
}

function invalid(argument: string, what: string): MyelinError {
  return new MyelinError('config_invalid', `The argument ${argument} ${what}.`, { argument });
}
