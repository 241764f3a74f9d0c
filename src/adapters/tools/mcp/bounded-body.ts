/**
 * Bounds what a server can make us keep: a body of JSON as a whole, a stream of events by the size of one event, since
 * the stream itself may stay open for days.
 */
import { MyelinError } from '../../../core/errors.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** The answer with a body that fails with `http_too_large` after `most` bytes, or bytes of one event. */
export function boundedBody(response: Response, most: number): Response {
  if (response.body === null) return response;
  const isStream = response.headers.get('content-type')?.toLowerCase().startsWith('text/event-stream') ?? false;
  const body = response.body.pipeThrough(bound(most, isStream));
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

function bound(most: number, isStream: boolean): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let size = 0;
  /** Bytes of the present line: an event ends with an empty one. */
  let line = 0;
  return new TransformStream({
    transform(chunk, controller) {
      if (!isStream) size += chunk.length;
      else {
        for (const byte of chunk) {
          size++;
          if (byte === NEWLINE) {
            if (line === 0) size = 0;
            line = 0;
          } else if (byte !== RETURN) line++;
        }
      }
      if (size > most) throw new MyelinError('http_too_large', `A message of the server passes ${most} bytes.`);
      controller.enqueue(chunk);
    },
  });
}
