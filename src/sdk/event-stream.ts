/** The history of an execution as it grows: server-sent events, taken up again where a connection broke. */
import { type EventAnswer, eventSchema } from '../contract/executions.ts';
import { isEnd } from '../core/execution/status.ts';
import { ApiError } from './api-error.ts';
import type { Transport } from './transport.ts';

export interface FollowOptions {
  /** Sequence number of the last event you have; default 0, from the beginning. */
  readonly after?: number;
  readonly signal?: AbortSignal;
  /** Milliseconds without a connection after which it gives up; default 60,000. */
  readonly patience?: number;
  /** Milliseconds before the first reconnect, doubled up to 5,000; default 250. */
  readonly delay?: number;
}

const LONGEST_DELAY_MS = 5_000;

/** Ends when the execution has. Throws `ApiError`, or the reason of `signal`. */
export async function* followEvents(
  transport: Transport,
  id: string,
  options: FollowOptions = {},
): AsyncGenerator<EventAnswer, void, undefined> {
  const { signal, patience = 60_000, delay = 250 } = options;
  let after = options.after ?? 0;
  let wait = delay;
  let lost: number | undefined;
  for (;;) {
    try {
      const response = await transport.open('listExecutionEvents', {
        params: { id },
        headers: { accept: 'text/event-stream', ...(after > 0 && { 'last-event-id': String(after) }) },
        signal,
      });
      if (response.status === 204 || response.body === null) return;
      lost = undefined;
      let last: EventAnswer | undefined;
      for await (const event of eventsOf(response.body, transport, signal)) {
        if (event.seq <= after) continue;
        after = event.seq;
        last = event;
        wait = delay;
        yield event;
      }
      if (last !== undefined && isEnd(last.type)) return;
    } catch (error) {
      lost ??= Date.now();
      if (!(error instanceof ApiError && error.isTransient) || Date.now() - lost > patience) throw error;
      if (error.retryAfter !== undefined) wait = Math.max(wait, Math.min(error.retryAfter * 1000, patience));
    }
    await pause(wait * (0.5 + Math.random() / 2), signal);
    wait = Math.min(wait * 2, LONGEST_DELAY_MS);
  }
}

async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  transport: Transport,
  signal: AbortSignal | undefined,
): AsyncGenerator<EventAnswer> {
  const parser = new EventParser();
  const texts = body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await texts.next().catch((error) => Promise.reject(transport.broken(error, signal)));
      if (next.done) return;
      for (const data of parser.push(next.value)) yield eventOf(data);
    }
  } finally {
    await texts.return?.()?.catch(() => undefined);
  }
}

function eventOf(data: string): EventAnswer {
  const checked = eventSchema.safeParse(parseOr(data));
  if (checked.success) return checked.data;
  throw new ApiError(
    'answer_invalid',
    200,
    `The server sent an event that this version does not know: ${data.slice(0, 200)}`,
  );
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The `data` of server-sent events out of pieces of text, cut anywhere (WHATWG HTML, 9.2.6). */
export class EventParser {
  #line = '';
  #data: string[] = [];

  push(text: string): string[] {
    const found: string[] = [];
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#take(line.endsWith('\r') ? line.slice(0, -1) : line, found);
    return found;
  }

  /** Comments, ids and names are skipped: the data holds the sequence number and the type. */
  #take(line: string, found: string[]): void {
    if (line.startsWith('data:')) this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    if (line !== '' || this.#data.length === 0) return;
    found.push(this.#data.join('\n'));
    this.#data = [];
  }
}

/** Rejects with the reason of the signal. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
