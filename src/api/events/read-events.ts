/** A request as CloudEvents: structured, batch and binary mode of the HTTP binding, and plain JSON. */
import type { IncomingHttpHeaders } from 'node:http';
import { EVENT_TYPE, EVENTS_TYPE, type EventInput, eventSchema, eventsBody } from '../../contract/events.ts';
import { issueFaults } from '../../core/definition/issue-faults.ts';
import { type Fault, MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import { parseJson } from '../../core/safe-json.ts';

/** What CloudEvents require, and plain JSON does not. */
const REQUIRED = ['specversion', 'id', 'source'];

export interface PlacedEvent {
  readonly input: EventInput;
  /** Where in the request it stands; null: it is the request. */
  readonly place: string | null;
}

const placed = (inputs: readonly EventInput[]) => inputs.map((input, at) => ({ input, place: `body[${at}]` }));

/** Throws `invalid_request` with all faults, `invalid_json`, `unsafe_key` or `too_deep`. */
export function readEvents(headers: IncomingHttpHeaders, raw: Buffer): readonly PlacedEvent[] {
  const type = essence(headers['content-type']);
  if (headers['ce-specversion'] !== undefined || headers['ce-type'] !== undefined) {
    return [{ input: strict(binaryEvent(headers, type, raw), 'headers'), place: null }];
  }
  const body = bodyOf(raw.toString('utf8'));
  if (type === EVENT_TYPE) return [{ input: strict(body, 'body'), place: 'body' }];
  if (type === EVENTS_TYPE) return placed(batch(body));
  const checked = eventsBody.safeParse(body);
  if (!checked.success) throw refusal(faultsOf(body));
  return Array.isArray(checked.data) ? placed(checked.data) : [{ input: checked.data, place: 'body' }];
}

function batch(body: unknown): EventInput[] {
  if (!Array.isArray(body)) throw refusal([{ path: 'body', message: 'takes a list of CloudEvents' }]);
  const faults = body.flatMap((one, at) => missing(one, `body[${at}]`));
  const checked = eventsBody.safeParse(body);
  if (checked.success && faults.length === 0) return checked.data as EventInput[];
  throw refusal([...faults, ...(checked.success ? [] : faultsOf(body))]);
}

function strict(event: unknown, place: string): EventInput {
  const faults = missing(event, place);
  const checked = eventSchema.safeParse(event);
  if (checked.success && faults.length === 0) return checked.data;
  throw refusal([...faults, ...(checked.error?.issues.flatMap((issue) => issueFaults(issue, place)) ?? [])]);
}

function missing(event: unknown, place: string): Fault[] {
  const given = isObject(event) ? event : {};
  return REQUIRED.filter((name) => given[name] === undefined).map((name) => ({
    path: `${place}.${name}`,
    message: 'a CloudEvent needs it',
  }));
}

/** Those of the alternative that the body is: a list, or one. */
function faultsOf(body: unknown): Fault[] {
  const [one, many] = eventsBody.options;
  const checked = (Array.isArray(body) ? many : one).safeParse(body);
  return checked.error?.issues.flatMap((issue) => issueFaults(issue, 'body')) ?? [];
}

export function refusal(errors: readonly Fault[]): MyelinError {
  const [first] = errors;
  return new MyelinError('invalid_request', `${first?.path}: ${first?.message}`, { errors: errors.slice(0, 100) });
}

/** Attributes are headers, data is the body in its own content type. */
function binaryEvent(headers: IncomingHttpHeaders, type: string, raw: Buffer): Record<string, unknown> {
  const event: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-') && typeof value === 'string') event[name.slice(3)] = decoded(value);
  }
  if (typeof event.causationdepth === 'string') event.causationdepth = Number(event.causationdepth);
  if (headers['content-type'] !== undefined) event.datacontenttype = headers['content-type'];
  return raw.length === 0 ? event : { ...event, ...dataOf(type, raw) };
}

function dataOf(type: string, raw: Buffer): Record<string, unknown> {
  if (type === 'application/json' || type.endsWith('+json')) return { data: parseJson(raw.toString('utf8')) };
  return type.startsWith('text/') ? { data: raw.toString('utf8') } : { data_base64: raw.toString('base64') };
}

/** Header values are percent-encoded where they hold more than ASCII. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Most have no null anywhere, and need no copy. */
const bodyOf = (text: string): unknown => (text.includes('null') ? withoutNulls(parseJson(text)) : parseJson(text));

/** An attribute that is null is not set; data that is null is null. */
function withoutNulls(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withoutNulls);
  if (!isObject(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => value !== null || name === 'data'));
}

function essence(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]!.trim().toLowerCase();
}
