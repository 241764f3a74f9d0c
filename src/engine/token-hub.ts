/**
 * Texts of model calls, from those that make them to those that read them. In memory at once; to other processes by
 * the store: the first piece as soon as this turn of the process is over, what follows every few milliseconds, all
 * calls of the process in one statement. A call that ends within the turn it began to speak in writes nothing.
 *
 * It keeps texts, not events: a reader takes what it has not had, so a slow one holds nothing up and fills nothing.
 */
import type { Runtime, Service } from '../ports/runtime.ts';
import type { CallRef, TokenChunk, TokenStore, Tokens, TokenWriter } from '../ports/tokens.ts';
import { GrowingText, wholeLength } from './growing-text.ts';
import { Loop } from './loop.ts';
import { type Following, type Rung, TextBoard } from './text-board.ts';

export interface TokenHubOptions {
  readonly store: TokenStore;
  readonly runtime: Runtime;
}

/** A text that is written here. */
interface Draft {
  readonly call: CallRef;
  readonly text: GrowingText;
  /** Units of it that the store has. */
  stored: number;
  open: boolean;
}

/** Between two writes to the store, unless a call speaks for the first time. */
const GATHER_MS = 50;
/** What a call has written stays so long after its end, for readers that are behind. */
const GRACE_MS = 10_000;
/** Between looks at the store while somebody reads, where no news comes. */
const LOOK_MS = 500;
const IDLE_MS = 3_600_000;
/** Units of one text; what is beyond is read from the journal. */
const MAX_LENGTH = 1_000_000;
/** Units of one chunk. */
const MAX_CHUNK = 65_536;
/** Chunks of one read. */
const READ_LIMIT = 2_000;
/** Calls whose chunks are removed in one statement. */
const REMOVE_LIMIT = 1_000;

export class TokenHub implements Tokens, Service {
  readonly #store: TokenStore;
  readonly #runtime: Runtime;
  readonly #board: TextBoard;
  readonly #writing: Loop;
  readonly #reading: Loop;
  /** Apart, so that no first piece waits for it. */
  readonly #removing: Loop;
  /** Have something that the store has not. */
  readonly #pending = new Set<Draft>();
  /** Calls that have ended and have chunks, the oldest first. */
  readonly #ended: { readonly call: CallRef; readonly at: number }[] = [];
  #urgent = false;
  #writtenAt = 0;

  constructor({ store, runtime }: TokenHubOptions) {
    this.#store = store;
    this.#runtime = runtime;
    this.#board = new TextBoard(runtime);
    this.#writing = new Loop({ name: 'token-writer', runtime, round: () => this.#write() });
    this.#reading = new Loop({ name: 'token-reader', runtime, round: () => this.#read() });
    this.#removing = new Loop({ name: 'token-remover', runtime, round: () => this.#remove() });
  }

  open(call: CallRef): TokenWriter {
    const text = new GrowingText();
    const draft: Draft = { call, text, stored: 0, open: true };
    const post = this.#board.post(call);
    return {
      write: (piece) => {
        if (!draft.open || piece === '' || text.length >= MAX_LENGTH) return;
        text.add(piece);
        post.show(() => text.read().slice(0, text.wholeLength));
        this.#expect(draft);
      },
      close: () => {
        if (!draft.open) return;
        draft.open = false;
        post.show(() => text.read());
        post.close();
        if (draft.stored === 0) this.#pending.delete(draft);
        else this.#end(draft);
      },
    };
  }

  /** Calls back when there is more of some text of the execution, or a call of which nothing was known. */
  follow(projectId: string, executionId: string, rung: (what: Rung) => void): Following {
    const following = this.#board.follow({ projectId, executionId }, rung);
    this.#reading.wake();
    return following;
  }

  /** Some process has written. */
  heard(): void {
    if (this.#board.hasFollowers) this.#reading.wake();
  }

  start(): void {
    this.#writing.start();
    this.#reading.start();
    this.#removing.start();
  }

  /** What this process wrote is removed: its calls have ended, or begin anew elsewhere. */
  async stop(): Promise<void> {
    await Promise.all([this.#writing.stop(), this.#reading.stop(), this.#removing.stop()]);
    for (let left = this.#ended.splice(0, REMOVE_LIMIT); left.length > 0; left = this.#ended.splice(0, REMOVE_LIMIT)) {
      await this.#store.remove(left.map(({ call }) => call)).catch(() => undefined);
    }
  }

  async runOnce(): Promise<void> {
    await this.#write();
    await this.#read();
    await this.#remove();
  }

  #expect(draft: Draft): void {
    const isIdle = this.#pending.size === 0;
    const isFirst = draft.stored === 0 && !this.#pending.has(draft);
    this.#pending.add(draft);
    this.#urgent ||= isFirst;
    if (isIdle || isFirst) this.#writing.wake();
  }

  #end({ call }: Draft): void {
    this.#ended.push({ call, at: this.#runtime.now() });
    if (this.#ended.length === 1) this.#removing.wake();
  }

  /** One round of the writer. */
  async #write(): Promise<number> {
    const { now } = this.#runtime;
    if (this.#pending.size > 0) {
      const wait = this.#urgent ? 0 : this.#writtenAt + GATHER_MS - now();
      if (wait > 0) return wait;
      await new Promise<void>((go) => this.#runtime.soon(go));
      this.#urgent = false;
      this.#writtenAt = now();
      await this.#send();
    }
    return this.#pending.size > 0 ? GATHER_MS : IDLE_MS;
  }

  async #send(): Promise<void> {
    const before = [...this.#pending].map((draft) => ({ draft, stored: draft.stored }));
    try {
      await this.#store.write(this.#takeChunks());
    } catch (error) {
      for (const { draft, stored } of before) {
        draft.stored = stored;
        if (draft.open) this.#pending.add(draft);
      }
      throw error;
    }
  }

  #takeChunks(): TokenChunk[] {
    const chunks: TokenChunk[] = [];
    for (const draft of this.#pending) {
      const { call, open } = draft;
      const text = draft.text.read();
      const whole = open ? draft.text.wholeLength : text.length;
      const to = Math.min(whole, chunkEnd(text, draft.stored));
      if (to > draft.stored) {
        // What is no text, half a pair, is replaced by as many units.
        chunks.push({ ...call, start: draft.stored, text: text.slice(draft.stored, to).toWellFormed() });
        draft.stored = to;
      }
      if (draft.stored >= whole) this.#pending.delete(draft);
    }
    return chunks;
  }

  /** One round of the remover. */
  async #remove(): Promise<number> {
    const until = this.#runtime.now() - GRACE_MS;
    const stays = this.#ended.findIndex(({ at }) => at > until);
    const count = Math.min(stays < 0 ? this.#ended.length : stays, REMOVE_LIMIT);
    if (count > 0) {
      await this.#store.remove(this.#ended.slice(0, count).map(({ call }) => call));
      this.#ended.splice(0, count);
    }
    const [oldest] = this.#ended;
    return oldest === undefined ? IDLE_MS : Math.max(0, oldest.at + GRACE_MS - this.#runtime.now());
  }

  /** One round of the reader. */
  async #read(): Promise<number> {
    this.#board.sweep();
    const { executions, have } = this.#board.wanted();
    if (executions.length === 0) return IDLE_MS;
    const chunks = await this.#store.read(executions, have, READ_LIMIT);
    const isNew = this.#board.take(chunks);
    return isNew || chunks.length === READ_LIMIT ? 0 : LOOK_MS;
  }
}

/** Where a chunk from `start` ends at the latest, between characters. */
function chunkEnd(text: string, start: number): number {
  const end = start + MAX_CHUNK;
  return end >= text.length ? text.length : start + wholeLength(text.slice(start, end));
}
