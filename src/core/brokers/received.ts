/** What a broker hands over, and what of it is text: bytes that are no UTF-8 stay what they are, in base64. */
import { MyelinError } from '../errors.ts';
import { isObject } from '../json.ts';

export interface Received {
  /** Null: it has none (a tombstone of Kafka). */
  readonly value: Uint8Array | null;
  readonly key?: Uint8Array | string | null;
  readonly headers?: Readonly<Record<string, Uint8Array | string>>;
  /** Milliseconds since the epoch, as the broker has it. */
  readonly timestamp?: number;
  /** JSON: where it stood, such as topic, partition and offset. They become fields of `$trigger`. */
  readonly place: Readonly<Record<string, unknown>>;
}

/** Bytes that are read and taken at once, as far as a broker can be told; a message that is larger comes alone. */
export const LARGEST_READ = 16 * 1024 * 1024;

/** In their order, in parts of at most so many bytes; one that has more is a part by itself. */
export function partsOf<M extends Pick<Received, 'value'>>(messages: readonly M[], limit = LARGEST_READ): M[][] {
  const parts: M[][] = [];
  let left = 0;
  for (const message of messages) {
    const size = message.value?.length ?? 0;
    const last = parts.at(-1);
    if (last !== undefined && size <= left) {
      last.push(message);
      left -= size;
    } else {
      parts.push([message]);
      left = limit - size;
    }
  }
  return parts;
}

/** Text, or what is none. */
export type TextOrBytes = string | { readonly base64: string };

/** Undefined where the bytes are no UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Throws `message_invalid`. */
export function jsonText(value: Uint8Array): string {
  const text = textOf(value);
  if (text !== undefined) return text;
  throw new MyelinError('message_invalid', 'The message is no UTF-8 text; set `decode` to raw to take it as bytes.');
}

export const plain = (value: Uint8Array | string): TextOrBytes =>
  typeof value === 'string' ? value : (textOf(value) ?? { base64: base64Of(value) });

/** What `plain` has made it of; null of what it never makes. */
export function unplain(value: unknown): Uint8Array | string | null {
  if (typeof value === 'string') return value;
  const { base64 } = isObject(value) ? value : {};
  return typeof base64 === 'string' ? Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)) : null;
}

/** Bytes of one call, which takes them as arguments. */
const CHUNK = 8_192;

export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}
