/**
 * What a reader of the texts of model calls is told: the journal and the texts that go on in, events out. Which calls
 * there are is what the journal says; a text that goes on fills the time until the journal has it whole, and gives way
 * to it where the two differ. After each event that comes out, `cursor` is how far its reader has come.
 */
import type { StoredEvent } from '../ports/store.ts';
import type { CallCursor, Cursor } from './token-cursor.ts';

export type CallState = 'started' | 'completed' | 'failed' | 'skipped';

export type StreamEvent =
  | { readonly type: 'token'; readonly path: string; readonly attempt: number; offset: number; readonly text: string }
  /** What came of the text so far does not count: it begins anew. */
  | { readonly type: 'reset'; readonly path: string; readonly attempt: number }
  | { readonly type: 'call'; path: string; attempt: number; readonly state: CallState; readonly model?: string };

interface Call {
  attempt: number;
  offset: number;
  /** The last units that went out; empty where another process sent them. */
  tail: string;
}

/** Units of text of one event. */
const MAX_TEXT = 32_768;
const TAIL = 64;
/** In the place of an attempt: what is there of its text does not count. */
const VOID = 0;

export class TokenFold {
  readonly #isStream: (path: string) => boolean;
  readonly #calls: Map<string, Call>;
  #seq: number;

  /** `isStream`: the node of this address shows its text as it comes. */
  constructor(isStream: (path: string) => boolean, { seq, calls }: Cursor = { seq: 0, calls: [] }) {
    this.#isStream = isStream;
    this.#seq = seq;
    this.#calls = new Map(calls.map(({ path, attempt, offset }) => [path, { attempt, offset, tail: '' }]));
  }

  get seq(): number {
    return this.#seq;
  }

  /** Calls that go on, or may be tried again. */
  get calls(): readonly CallCursor[] {
    return [...this.#calls].map(([path, { attempt, offset }]) => ({ path, attempt, offset }));
  }

  get cursor(): Cursor {
    return { seq: this.#seq, calls: this.calls };
  }

  /** Takes the next event of the journal; it is taken in once all that comes out of it was read. */
  *learn(event: StoredEvent): Generator<StreamEvent> {
    if (event.type === 'node.started' && this.#isStream(event.data.path)) yield* this.#start(event.data, event.seq);
    else if (event.type === 'node.completed') yield* this.#complete(event.data, event.seq);
    else if (event.type === 'node.retrying') yield* this.#end(event.data.path, 'failed', event.seq, VOID);
    else if (event.type === 'node.failed') yield* this.#end(event.data.path, 'failed', event.seq);
    else if (event.type === 'node.skipped') yield* this.#end(event.data.path, 'skipped', event.seq);
    // What was at work when it failed begins anew, and may count its attempts anew.
    else if (event.type === 'execution.retried') for (const call of this.#calls.values()) call.attempt = VOID;
    this.#seq = event.seq;
  }

  /** What a text that goes on has more than its reader. */
  *take(path: string, text: string): Generator<StreamEvent> {
    const call = this.#calls.get(path);
    while (call !== undefined && call.offset < text.length) {
      const { attempt, offset } = call;
      const part = text.slice(offset, offset + MAX_TEXT);
      call.offset += part.length;
      call.tail = (call.tail + part).slice(-TAIL);
      yield { type: 'token', path, attempt, offset, text: part };
    }
  }

  /** For a reader that begins now: the calls that go on. */
  present(): StreamEvent[] {
    return [...this.#calls].flatMap(([path, { attempt }]) =>
      attempt === VOID ? [] : [{ type: 'call', path, attempt, state: 'started' }],
    );
  }

  *#start({ path, attempt }: { path: string; attempt: number }, seq: number): Generator<StreamEvent> {
    const before = this.#calls.get(path);
    if (before?.attempt !== attempt) {
      this.#calls.set(path, { attempt, offset: 0, tail: '' });
      if (before !== undefined && before.offset > 0) yield { type: 'reset', path, attempt };
    }
    this.#seq = seq;
    yield { type: 'call', path, attempt, state: 'started' };
  }

  /** Without a result. The text of one that may be tried again is void, and reset once it is. */
  *#end(path: string, state: CallState, seq: number, left?: typeof VOID): Generator<StreamEvent> {
    const call = this.#calls.get(path);
    if (call === undefined) return;
    const { attempt } = call;
    if (left === undefined) this.#calls.delete(path);
    else call.attempt = left;
    this.#seq = seq;
    yield { type: 'call', path, attempt, state };
  }

  *#complete({ path, output }: { path: string; output: unknown }, seq: number): Generator<StreamEvent> {
    const call = this.#calls.get(path);
    if (call === undefined) return;
    const { attempt } = call;
    const text = fieldOf(output, 'text');
    if (text !== undefined) {
      if (!goesOn(text, call)) {
        Object.assign(call, { offset: 0, tail: '' });
        yield { type: 'reset', path, attempt };
      }
      yield* this.take(path, text);
    }
    this.#calls.delete(path);
    this.#seq = seq;
    const model = fieldOf(output, 'model');
    yield { type: 'call', path, attempt, state: 'completed', ...(model !== undefined && { model }) };
  }
}

/** What went out is the beginning of it, as far as that is known. */
function goesOn(text: string, { offset, tail }: Call): boolean {
  return offset <= text.length && text.startsWith(tail, offset - tail.length);
}

function fieldOf(output: unknown, name: 'text' | 'model'): string | undefined {
  if (typeof output !== 'object' || output === null || !Object.hasOwn(output, name)) return undefined;
  const value = (output as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
