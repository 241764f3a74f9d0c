/** What the publish nodes of all brokers have in common. */
import { z } from 'zod';
import { dynamic } from '../dynamic.ts';
import { MyelinError } from '../errors.ts';

/** Largest value of a message that goes out, in bytes. */
const LARGEST_SENT = 1024 * 1024;

const headers = z
  .record(z.string().regex(/^[\x21-\x7e]{1,200}$/, 'takes a name of printable ASCII'), dynamic(z.string().max(10_000)))
  .refine((all) => Object.keys(all).length <= 100, 'takes at most 100 headers');

export const publishFields = {
  value: z
    .unknown()
    .optional()
    .describe('What is sent, default the input of this node: a text as it is, all else as JSON; null sends no value'),
  key: dynamic(z.union([z.string().max(1_000), z.number()]))
    .optional()
    .describe('Messages of one key stay in order'),
  headers: headers.optional(),
};

/** The header by which a receiver knows a message that was sent again: the same for every attempt of a node. */
export const ID_HEADER = 'myelin-id';

/** Throws `limit_exceeded`. */
export function bytesOf(value: unknown): Uint8Array | null {
  if (value === null || value === undefined) return null;
  const bytes = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
  if (bytes.length <= LARGEST_SENT) return bytes;
  throw new MyelinError('limit_exceeded', `value: ${bytes.length} bytes, at most ${LARGEST_SENT} are sent`);
}

/** A field of text, which may have come out of a template as a number, or as nothing. Throws `config_invalid`. */
export function wordOf(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new MyelinError('config_invalid', `${name}: takes a text, not ${JSON.stringify(value)}`);
}

/** Those that came to nothing are left out. Throws `config_invalid`. */
export function wordsOf(name: string, all: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const words = Object.entries(all).map(([key, value]) => [key, wordOf(`${name}.${key}`, value)] as const);
  return Object.fromEntries(words.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
