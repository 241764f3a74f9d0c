/** `$trigger` of a message from a broker, as `decode` of its trigger asks for. */
import { MyelinError } from '../errors.ts';
import { parseJson } from '../safe-json.ts';
import { readEvent } from './read-event.ts';
import { base64Of, jsonText, plain, type Received, textOf } from './received.ts';

export const DECODINGS = ['json', 'cloudevents', 'raw'] as const;
export type Decoding = (typeof DECODINGS)[number];

/** Largest message in bytes: what is larger belongs in a blob store, with its address in the message. */
export const LARGEST_RECEIVED = 1024 * 1024;
/** What is kept of a larger one, in bytes. */
const KEPT = 64 * 1024;

/**
 * With `json` and `raw` `{ data, key, headers, timestamp }` and what `place` has; with `cloudevents` the CloudEvent.
 * Throws `limit_exceeded`, `invalid_json`, `unsafe_key`, `too_deep` or `message_invalid`.
 */
export function decode(message: Received, how: Decoding): unknown {
  const { value } = message;
  const size = value?.length ?? 0;
  if (size > LARGEST_RECEIVED) {
    throw new MyelinError('limit_exceeded', `The message has ${size} bytes; at most ${LARGEST_RECEIVED} are taken.`);
  }
  if (how === 'cloudevents') return readEvent(message);
  if (how === 'raw' || value === null) return asItCame(message);
  return around(message, parseJson(jsonText(value)));
}

/** As with `raw`: data is text, or base64 with `encoding: base64`; of what is too large only the beginning is in it. */
export function asItCame(message: Received): Readonly<Record<string, unknown>> {
  const { value } = message;
  if (value === null) return around(message, null);
  if (value.length > LARGEST_RECEIVED) {
    const data = base64Of(value.subarray(0, KEPT));
    return { ...around(message, data), encoding: 'base64', truncated: true, size: value.length };
  }
  const text = textOf(value);
  return { ...around(message, text ?? base64Of(value)), encoding: text === undefined ? 'base64' : 'text' };
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
