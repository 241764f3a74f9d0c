/**
 * Texts of calls that readers of this process may see: those that are made here, and copies of those that others make.
 * Readers are told that there is more, once for all that came in a turn, and look for themselves.
 */
import type { Runtime } from '../ports/runtime.ts';
import type { CallRef, ExecutionRef, HaveText, TokenChunk } from '../ports/tokens.ts';
import { GrowingText } from './growing-text.ts';

/** `text`: there is more of one; `call`: one has begun, and the journal says which. */
export type Rung = 'text' | 'call';

export interface Following {
  /** As far as it is known here; undefined where nothing is. */
  text(path: string, attempt: number): string | undefined;
  stop(): void;
}

/** Where a call that is made here shows its text. */
export interface Post {
  /** `read` has the text as it is whenever somebody looks. */
  show(read: () => string): void;
  close(): void;
}

interface Text {
  readonly call: CallRef;
  read: () => string;
  /** Of a copy; that of one's own is not asked for. */
  length: number;
  readonly add?: (more: string) => void;
  /** It is made here. */
  readonly own: boolean;
  open: boolean;
  changedAt: number;
}

interface Place {
  readonly ref: ExecutionRef;
  readonly texts: Map<string, Text>;
  readonly followers: Set<(what: Rung) => void>;
  /** What followers will be told at the end of this turn. */
  rings: Rung | null;
}

/** A text that is over, or quiet for so long, is forgotten; where it still goes on, the store has it. */
const KEEP_MS = 60_000;
/** More than any text has: its chunks are not asked for. */
const ALL = 2 ** 31 - 1;

export class TextBoard {
  readonly #runtime: Pick<Runtime, 'now' | 'soon'>;
  /** By execution. */
  readonly #places = new Map<string, Place>();
  #followers = 0;
  #sweptAt = 0;

  constructor(runtime: Pick<Runtime, 'now' | 'soon'>) {
    this.#runtime = runtime;
  }

  get hasFollowers(): boolean {
    return this.#followers > 0;
  }

  post(call: CallRef): Post {
    const place = this.#placeOf(call);
    const key = keyOf(call);
    const text: Text = { call, read: () => '', length: 0, own: true, open: true, changedAt: this.#runtime.now() };
    place.texts.set(key, text);
    this.#ring(place, 'call');
    return {
      show: (read) => {
        text.read = read;
        if (place.followers.size > 0) this.#ring(place, 'text');
      },
      close: () => {
        text.open = false;
        text.changedAt = this.#runtime.now();
        if (place.followers.size > 0) this.#ring(place, 'text');
        else if (place.texts.get(key) === text) place.texts.delete(key);
        this.#leave(place);
      },
    };
  }

  follow(ref: ExecutionRef, rung: (what: Rung) => void): Following {
    const place = this.#placeOf(ref);
    const told = (what: Rung) => rung(what);
    place.followers.add(told);
    this.#followers += 1;
    return {
      text: (path, attempt) => place.texts.get(keyOf({ path, attempt }))?.read(),
      stop: () => {
        if (!place.followers.delete(told)) return;
        this.#followers -= 1;
        if (place.followers.size === 0) {
          for (const [key, { own, open }] of place.texts) if (!own || !open) place.texts.delete(key);
        }
        this.#leave(place);
      },
    };
  }

  /** What to ask the store for. */
  wanted(): { readonly executions: ExecutionRef[]; readonly have: HaveText[] } {
    const executions: ExecutionRef[] = [];
    const have: HaveText[] = [];
    for (const { ref, texts, followers } of this.#places.values()) {
      if (followers.size === 0) continue;
      executions.push(ref);
      for (const { call, length, own } of texts.values()) have.push({ ...call, length: own ? ALL : length });
    }
    return { executions, have };
  }

  /** Adds what fits on the end of what is there; true where a call was not known. */
  take(chunks: readonly TokenChunk[]): boolean {
    let isNew = false;
    for (const { start, text: more, ...call } of chunks) {
      const place = this.#places.get(call.executionId);
      if (place === undefined || place.followers.size === 0) continue;
      let text = place.texts.get(keyOf(call));
      if (text === undefined) {
        text = copyOf(call);
        place.texts.set(keyOf(call), text);
        this.#ring(place, 'call');
        isNew = true;
      }
      if (text.own || start !== text.length) continue;
      text.add?.(more);
      text.length += more.length;
      text.changedAt = this.#runtime.now();
      this.#ring(place, 'text');
    }
    return isNew;
  }

  sweep(): void {
    const until = this.#runtime.now() - KEEP_MS;
    if (this.#sweptAt > until) return;
    this.#sweptAt = this.#runtime.now();
    for (const { texts } of this.#places.values()) {
      for (const [key, { own, open, changedAt }] of texts) {
        if (!(own && open) && changedAt < until) texts.delete(key);
      }
    }
  }

  #placeOf({ projectId, executionId }: ExecutionRef): Place {
    const known = this.#places.get(executionId);
    if (known !== undefined) return known;
    const place: Place = { ref: { projectId, executionId }, texts: new Map(), followers: new Set(), rings: null };
    this.#places.set(executionId, place);
    return place;
  }

  #leave(place: Place): void {
    if (place.followers.size === 0 && place.texts.size === 0) this.#places.delete(place.ref.executionId);
  }

  #ring(place: Place, what: Rung): void {
    if (place.followers.size === 0) return;
    const isDue = place.rings !== null;
    if (!isDue || what === 'call') place.rings = what;
    if (isDue) return;
    this.#runtime.soon(() => {
      const rings = place.rings;
      place.rings = null;
      if (rings !== null) for (const tell of [...place.followers]) tell(rings);
    });
  }
}

function copyOf(call: CallRef): Text {
  const grown = new GrowingText();
  const add = (more: string) => grown.add(more);
  return { call, read: () => grown.read(), add, length: 0, own: false, open: true, changedAt: 0 };
}

const keyOf = ({ path, attempt }: Pick<CallRef, 'path' | 'attempt'>): string => `${path}#${attempt}`;
