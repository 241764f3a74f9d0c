/**
 * Server-sent events by fetch: any event name, a start from an id of ours, and a way on after a cut. A browser's own
 * EventSource needs each name in advance, and cannot begin in the middle.
 */
import { untilSignedIn } from './call.ts';

interface ServerEvent {
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

interface Options {
  /** Goes on after this one. */
  readonly lastId?: string;
  readonly signal: AbortSignal;
  readonly on: (event: ServerEvent) => void;
}

const AGAIN_MS = 1_000;

/** Refusals that pass: the sign-in is renewed, a proxy or a limit lets it through later. */
const PASSING = new Set([401, 408, 425, 429]);

/**
 * Until the server says that it is over (204, an answer that ends after `isOver`, a refusal that stays one), or `signal`
 * fires.
 */
export async function follow(
  address: string,
  { lastId = '', signal, on }: Options,
  isOver: () => boolean,
): Promise<void> {
  let last = lastId;
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(last !== '' && { 'last-event-id': last }) };
      const response = await fetch(address, { headers, signal });
      if (response.status === 204 || isFinal(response.status)) return;
      if (response.status === 401) await untilSignedIn(signal);
      if (response.ok && response.body !== null) {
        for await (const event of eventsOf(response.body)) {
          if (event.id !== '') last = event.id;
          on(event);
        }
        if (isOver()) return;
      }
    } catch {
      // The line is down, or the server restarts: the same place again.
    }
    await rest(AGAIN_MS, signal);
  }
}

const isFinal = (status: number): boolean => status >= 400 && status < 500 && !PASSING.has(status);

/** Resolves after a time, or when `signal` fires. */
export const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const event = parse(frame);
        if (event !== null) yield event;
      }
    }
  } finally {
    // Whoever stops listening lets go of the line; one that is down already has nothing to say.
    void reader.cancel().catch(() => undefined);
  }
}

function parse(frame: string): ServerEvent | null {
  let [id, name] = ['', 'message'];
  const data: string[] = [];
  for (const line of frame.split('\n')) {
    if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
    else if (line.startsWith('id:')) id = line.slice(3).trim();
    else if (line.startsWith('event:')) name = line.slice(6).trim();
  }
  return data.length === 0 ? null : { id, name, data: data.join('\n') };
}
