/**
 * `fetch` as libraries want it, over the checked connections of the house: the body of the answer streams, piece by
 * piece as it is read, and the signal ends the socket at any moment. No compression is asked for, since it would hold
 * back what streams.
 */
import type { Readable } from 'node:stream';
import { MyelinError } from '../../core/errors.ts';
import { createDeadline } from './deadline.ts';
import { asMyelinError, type Line, OWN_HEADERS, parseUrl, type Reached, reach, single } from './hops.ts';
import { denied, placeOf } from './policy.ts';
import type { Hop } from './redirect.ts';

/** Statuses whose answer has no body. */
const BODILESS: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

export async function fetchOver(line: Line, url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const signal = init.signal ?? (url instanceof Request ? url.signal : undefined);
  const redirect = init.redirect ?? (url instanceof Request ? url.redirect : 'follow');
  const deadline = createDeadline(undefined, signal);
  let body: Readable | undefined;
  try {
    const first = await firstHop(line, url, init);
    const reached = await reach(line, first, redirect === 'follow' ? 'follow' : 'manual', deadline);
    body = reached.body;
    body.once('close', deadline.end);
    if (redirect === 'error' && reached.status >= 300 && reached.status < 400) {
      throw denied(reached.hop.url, 'redirects, which the caller does not follow');
    }
    return answerOf(reached, (error) => asMyelinError(error, reached.hop.url, deadline));
  } catch (error) {
    if (body === undefined) deadline.end();
    else body.destroy();
    throw error;
  }
}

/** The platform's Request reads every form of body, and says its type. What the connection sets itself is left out. */
async function firstHop(line: Line, url: string | URL | Request, init: RequestInit): Promise<Hop> {
  const target = parseUrl(url instanceof Request ? url.url : String(url));
  line.policy.checkUrl(target);
  const request = asRequest(url instanceof Request ? url : target, init, placeOf(target));
  const headers: Record<string, string> = { 'user-agent': 'Myelin' };
  for (const [name, value] of request.headers) if (!OWN_HEADERS.has(name)) headers[name] = value;
  headers['accept-encoding'] = 'identity';
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  return { method: request.method, url: target, headers, body };
}

function asRequest(url: URL | Request, init: RequestInit, place: string): Request {
  try {
    // The deadline listens to the signal.
    return new Request(url, { ...init, signal: null });
  } catch (thrown) {
    // Its message may quote a header.
    const message = `The request to ${place} cannot be sent: a header, the method or the body is not valid.`;
    throw new MyelinError('config_invalid', message, undefined, thrown);
  }
}

function answerOf({ status, headers, body, hop }: Reached, asError: (error: unknown) => MyelinError): Response {
  const encoding = single(headers['content-encoding']);
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    const message = `The answer of ${placeOf(hop.url)} is encoded as ${encoding}, which was not asked for.`;
    throw new MyelinError('http_invalid_answer', message);
  }
  if (BODILESS.has(status) || hop.method === 'HEAD') body.resume();
  const stream = BODILESS.has(status) || hop.method === 'HEAD' ? null : streamOf(body, asError);
  return new Response(stream, { status, headers: entriesOf(headers) });
}

function entriesOf(headers: Reached['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}

/** Reads on only as it is read. */
function streamOf(body: Readable, asError: (error: unknown) => MyelinError): ReadableStream<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(asError(error));
        }
      },
      cancel() {
        body.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
