/** `$trigger` of a message from a broker, as `decode` of its trigger asks for. */
import { MyelinError } from '../errors.ts';
import { isObject } from '../json.ts';
import { parseJson } from '../safe-json.ts';
import { readEvent } from './read-event.ts';
import { base64Of, jsonText, plain, type Received, textOf, unplain } from './received.ts';

export const DECODINGS = ['json', 'cloudevents', 'raw'] as const;
export type Decoding = (typeof DECODINGS)[number];

/** Largest message that starts by itself, in bytes: one that is larger is kept as a blob, and a person decides. */
export const LARGEST_RECEIVED = 1024 * 1024;
/** Largest that is given as data when a person requeues it, in bytes. */
const LARGEST_REQUEUED = 16 * 1024 * 1024;

/** Where the value of a message lies that was too large; in bytes. */
export interface KeptValue {
  readonly hash: string;
  readonly size: number;
  readonly mediaType: string;
}

export const isTooLarge = ({ value }: Pick<Received, 'value'>): boolean => (value?.length ?? 0) > LARGEST_RECEIVED;

/**
 * With `json` and `raw` `{ data, key, headers, timestamp }` and what `place` has; with `cloudevents` the CloudEvent.
 * Throws `limit_exceeded`, `invalid_json`, `unsafe_key`, `too_deep` or `message_invalid`.
 */
export function decode(message: Received, how: Decoding): unknown {
  if (!isTooLarge(message)) return read(message, how);
  const sizes = `${message.value?.length} bytes; at most ${LARGEST_RECEIVED}`;
  throw new MyelinError('limit_exceeded', `The message has ${sizes} start by themselves, so it is kept as a blob.`);
}

function read(message: Received, how: Decoding): unknown {
  const { value } = message;
  if (how === 'cloudevents') return readEvent(message);
  if (how === 'raw' || value === null) return asItCame(message);
  return around(message, parseJson(jsonText(value)));
}

/** As with `raw`: data is text, or base64 with `encoding: base64`. */
export function asItCame(message: Received): Readonly<Record<string, unknown>> {
  const { value } = message;
  if (value === null) return around(message, null);
  const text = textOf(value);
  return { ...around(message, text ?? base64Of(value)), encoding: text === undefined ? 'base64' : 'text' };
}

/** Of a message that is too large: without data, and with the blob that has them. */
export const withBlob = (message: Received, blob: KeptValue): Readonly<Record<string, unknown>> => ({
  ...around(message, null),
  blob,
});

/** The blob of what `withBlob` has made; undefined of anything else. */
export function blobOf(event: unknown): KeptValue | undefined {
  const { data, blob } = isObject(event) ? event : {};
  if (data !== null || !isObject(blob)) return undefined;
  const { hash, size, mediaType } = blob;
  const isBlob = typeof hash === 'string' && typeof size === 'number' && typeof mediaType === 'string';
  return isBlob ? { hash, size, mediaType } : undefined;
}

/**
 * What `withBlob` has made, with the value again: as its trigger would have it, or as it came where it cannot be read
 * so. One that is very large stays as it is: whoever wants it reads the blob.
 */
export function withValue(event: Readonly<Record<string, unknown>>, value: Uint8Array, how: Decoding): unknown {
  if (value.length > LARGEST_REQUEUED) return event;
  const { data: _, blob: __, key, headers, timestamp, ...place } = event;
  const message: Received = {
    value,
    key: unplain(key),
    headers: Object.fromEntries(
      Object.entries(isObject(headers) ? headers : {}).map(([name, one]) => [name, unplain(one) ?? '']),
    ),
    ...(typeof timestamp === 'string' && { timestamp: Date.parse(timestamp) }),
    place,
  };
  try {
    return read(message, how);
  } catch {
    return asItCame(message);
  }
}

function around({ key, headers = {}, timestamp, place }: Received, data: unknown) {
  return {
    data,
    key: key === null || key === undefined ? null : plain(key),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, plain(value)])),
    ...place,
    timestamp: timestamp === undefined ? null : timeText(timestamp),
  };
}

/** Null for a time that no calendar has: a producer may write any number. */
function timeText(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
