/**
 * Reads the body of an answer and undoes its compression, both under one cap: a compressed bomb is stopped as soon as
 * its output passes the cap, and never held whole.
 */
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import { MyelinError } from '../../core/errors.ts';

/** Encodings we can undo, as `accept-encoding` names them. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

type Decoder = (data: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>;

const asDecoder = (decoder: typeof gunzip): Decoder => promisify(decoder) as Decoder;
const inflateWrapped = asDecoder(inflate);
const inflateBare = asDecoder(inflateRaw);

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', asDecoder(gunzip)],
  ['x-gzip', asDecoder(gunzip)],
  // Servers send "deflate" with the zlib wrapper, as the standard has it, or bare.
  ['deflate', (data, options) => ((data[0]! & 0x0f) === 8 ? inflateWrapped : inflateBare)(data, options)],
  ['br', asDecoder(brotliDecompress)],
]);

/** Encodings may be stacked; nobody does in earnest. */
const MOST_ENCODINGS = 3;

/** A small body can be larger compressed than plain; so much more is read before it counts as too large. */
const WRAPPING_BYTES = 1_024;

/**
 * The plain body. Throws `http_too_large` above `maxBytes`, measured after decompression, and
 * `http_invalid_answer` where the body is not what `content-encoding` says. `place` is for messages.
 */
export async function readAnswerBody(
  stream: Readable,
  encoding: string | undefined,
  maxBytes: number,
  place: string,
): Promise<Uint8Array> {
  const encodings = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const raw = await readRaw(stream, encodings.length > 0 ? maxBytes + WRAPPING_BYTES : maxBytes, maxBytes, place);
  if (raw.length === 0 || encodings.length === 0) return raw;
  return decode(raw, encodings, maxBytes, place);
}

async function readRaw(stream: Readable, cap: number, maxBytes: number, place: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop destroys the stream and with it the connection.
    if (size > cap) throw tooLarge(maxBytes, place);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

async function decode(
  raw: Uint8Array,
  encodings: readonly string[],
  maxBytes: number,
  place: string,
): Promise<Uint8Array> {
  if (encodings.length > MOST_ENCODINGS) throw invalid(place, `is encoded ${encodings.length} times`);
  let data = raw;
  for (const name of encodings.toReversed()) {
    const decoder = DECODERS.get(name);
    if (decoder === undefined) throw invalid(place, `has the content encoding "${name}", which is not known`);
    try {
      data = await decoder(data, { maxOutputLength: Math.max(1, maxBytes) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes, place);
      throw invalid(place, `is not ${name}, though its content encoding says so`);
    }
  }
  if (data.length > maxBytes) throw tooLarge(maxBytes, place);
  return data;
}

export function tooLarge(maxBytes: number, place: string): MyelinError {
  return new MyelinError('http_too_large', `The answer of ${place} is larger than ${maxBytes} bytes.`);
}

function invalid(place: string, what: string): MyelinError {
  return new MyelinError('http_invalid_answer', `The answer of ${place} ${what}.`);
}
