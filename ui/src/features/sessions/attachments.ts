/** Files that go with a message: which may, what they are, and how a message carries them. */
import type { Part } from '../../../../src/core/conversation.ts';
import { sizeOf } from '../../components/bytes.ts';

/** With one message. */
const MOST_FILES = 20;
const LONGEST_NAME = 500;
/** Bytes that are looked at, to tell a text. */
export const LOOK = 4_096;

/** A file that the server has. */
export interface Sent {
  readonly hash: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/** A file on its way, or one that did not arrive. */
export type Attachment = { readonly key: string; readonly name: string; readonly size: number } & (
  | { readonly state: 'sending'; readonly share: number }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'sent'; readonly sent: Sent }
);

/** Why a file cannot go along; undefined: it can. `largest`: bytes; undefined where it is not known yet. */
export function refusalOf({ size }: { readonly size: number }, count: number, largest?: number): string | undefined {
  if (count >= MOST_FILES) return `A message takes ${MOST_FILES} files. Send the others with the next one.`;
  if (size === 0) return 'It is empty.';
  if (largest === undefined || size <= largest) return undefined;
  return `It has ${sizeOf(size)}; the server takes ${sizeOf(largest)} a file.`;
}

/** Browsers know few kinds of text by the name of a file; a model reads them all the same. */
export function mediaTypeOf(said: string, beginning: Uint8Array): string {
  if (said !== '') return said;
  try {
    // The last letter may have been cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(beginning, { stream: true });
    return text.includes('\0') ? 'application/octet-stream' : 'text/plain';
  } catch {
    return 'application/octet-stream';
  }
}

export function partOf({ hash, name, mediaType }: Sent): Part {
  const type = /^image\/(?!svg)/i.test(mediaType) ? 'image' : /^audio\//i.test(mediaType) ? 'audio' : 'file';
  return { type, blob: hash, mediaType, name: name.slice(0, LONGEST_NAME) };
}

/** What is kept in the browser may be anything. */
export function isSent(value: unknown): value is Sent {
  if (typeof value !== 'object' || value === null) return false;
  const { hash, name, mediaType, size } = value as Partial<Record<keyof Sent, unknown>>;
  return [hash, name, mediaType].every((one) => typeof one === 'string') && typeof size === 'number';
}
