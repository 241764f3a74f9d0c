/** Server-sent events of a route, taken up again where a connection broke. */
import type { z } from 'zod';
import type { OperationId } from '../contract/routes.ts';
import { ApiError } from './api-error.ts';
import type { Call, Transport } from './transport.ts';

export interface SourceOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds without a connection after which it gives up; default 60,000. */
  readonly patience?: number;
  /** Milliseconds before the first reconnect, doubled up to 5,000; default 250. */
  readonly delay?: number;
}

export interface Frame {
  /** The last that came, also where this one has none. */
  readonly id: string;
  readonly data: string;
}

export interface Source {
  readonly operation: OperationId;
  /** Of the next connection: from where it goes on. */
  request(): Call;
  /** Asked where a connection ends: true, and nothing more is to come. */
  isOver(): boolean;
  /** An id came without an event. */
  moved?(id: string): void;
}

const LONGEST_DELAY_MS = 5_000;

/** Ends when the source is over, or with a 204. Throws `ApiError`, or the reason of `signal`. */
export async function* eventSource(
  transport: Transport,
  source: Source,
  { signal, patience = 60_000, delay = 250 }: SourceOptions,
): AsyncGenerator<Frame, void, undefined> {
  let wait = delay;
  let lost: number | undefined;
  for (;;) {
    try {
      const { headers, ...request } = source.request();
      const accept = { accept: 'text/event-stream', ...headers };
      const response = await transport.open(source.operation, { ...request, headers: accept, signal });
      if (response.status === 204 || response.body === null) return;
      lost = undefined;
      for await (const frame of framesOf(response.body, transport, signal, source.moved)) {
        wait = delay;
        yield frame;
      }
      if (source.isOver()) return;
    } catch (error) {
      lost ??= Date.now();
      if (!(error instanceof ApiError && error.isTransient) || Date.now() - lost > patience) throw error;
      if (error.retryAfter !== undefined) wait = Math.max(wait, Math.min(error.retryAfter * 1000, patience));
    }
    await pause(wait * (0.5 + Math.random() / 2), signal);
    wait = Math.min(wait * 2, LONGEST_DELAY_MS);
  }
}

/** Throws `ApiError` for what is not of the contract. */
export function readData<T extends z.ZodType>(schema: T, data: string): z.output<T> {
  const checked = schema.safeParse(parseOr(data));
  if (checked.success) return checked.data;
  throw new ApiError(
    'answer_invalid',
    200,
    `The server sent an event that this version does not know: ${data.slice(0, 200)}`,
  );
}

async function* framesOf(
  body: ReadableStream<Uint8Array>,
  transport: Transport,
  signal: AbortSignal | undefined,
  moved: Source['moved'],
): AsyncGenerator<Frame> {
  const parser = new EventParser();
  const texts = body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await texts.next().catch((error) => Promise.reject(transport.broken(error, signal)));
      if (next.done) return;
      const frames = parser.push(next.value);
      yield* frames;
      if (parser.id !== '') moved?.(parser.id);
    }
  } finally {
    await texts.return?.()?.catch(() => undefined);
  }
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Server-sent events out of pieces of text, cut anywhere (WHATWG HTML, 9.2.6). */
export class EventParser {
  #line = '';
  #data: string[] = [];
  #nextId = '';
  #id = '';

  /** Of the last block that came whole. */
  get id(): string {
    return this.#id;
  }

  push(text: string): Frame[] {
    const found: Frame[] = [];
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#take(line.endsWith('\r') ? line.slice(0, -1) : line, found);
    return found;
  }

  /** Comments and names are skipped: the data holds the type. */
  #take(line: string, found: Frame[]): void {
    if (line.startsWith('data:')) this.#data.push(fieldValue(line, 5));
    if (line.startsWith('id:')) this.#nextId = fieldValue(line, 3);
    if (line !== '') return;
    this.#id = this.#nextId;
    if (this.#data.length === 0) return;
    found.push({ id: this.#id, data: this.#data.join('\n') });
    this.#data = [];
  }
}

const fieldValue = (line: string, from: number): string => line.slice(line[from] === ' ' ? from + 1 : from);

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
