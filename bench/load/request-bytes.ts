/** A request rendered once; for each sending only the digits of its counters are written anew. */
import type { LoadOptions } from './options.ts';

const PLACE = '<counter>';
const DIGITS = 12;
const ZERO = 48;

/** Bytes of one connection: it sends them again only after the answer, so they are free to change in place. */
export class RequestBytes {
  readonly bytes: Buffer;
  private readonly offsets: readonly number[];

  constructor(options: LoadOptions) {
    const text = render(options);
    const pieces = text.split(PLACE);
    this.bytes = Buffer.from(pieces.join('0'.repeat(DIGITS)));
    let offset = 0;
    this.offsets = pieces.slice(0, -1).map((piece) => {
      const at = offset + Buffer.byteLength(piece);
      offset = at + DIGITS;
      return at;
    });
  }

  /** The same buffer with `counter` in every place. */
  withCounter(counter: number): Buffer {
    for (const offset of this.offsets) {
      let rest = counter;
      for (let index = offset + DIGITS - 1; index >= offset; index -= 1) {
        this.bytes[index] = ZERO + (rest % 10);
        rest = Math.floor(rest / 10);
      }
    }
    return this.bytes;
  }
}

function render({ url, method = 'POST', headers = {}, body = '' }: LoadOptions): string {
  // The text as given, since `URL` would encode the brackets of a counter.
  const [, host, path] = /^http:\/\/([^/]+)(.*)$/.exec(url) ?? [];
  if (host === undefined) throw new Error(`${url} is not an http:// address`);
  const length = Buffer.byteLength(body.replaceAll(PLACE, '0'.repeat(DIGITS)));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const size = body === '' && method === 'GET' ? '' : `content-length: ${length}\r\n`;
  return `${method} ${path || '/'} HTTP/1.1\r\nhost: ${host}\r\n${size}${lines.join('')}\r\n${body}`;
}
