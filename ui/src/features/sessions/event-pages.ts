/**
 * The events of a conversation, page by page: those that somebody looks at are read, from either end or from the middle,
 * and each only once, for an event never changes. The last page grows.
 */
import type { SessionEventAnswer } from '../../../../src/contract/sessions.ts';
import { missingOf, newestOf, pageOf } from './page-of.ts';

type Read = (after: number, limit: number) => Promise<readonly SessionEventAnswer[]>;

export class EventPages {
  readonly #read: Read;
  readonly #pages = new Map<number, readonly SessionEventAnswer[]>();
  readonly #reading = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #wanted = new Set<number>();
  #last = 0;
  #fault: Error | null = null;
  #version = 0;

  constructor(read: Read) {
    this.#read = read;
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  /** Number of the last event there is. */
  get last(): number {
    return this.#last;
  }

  get fault(): Error | null {
    return this.#fault;
  }

  /** Undefined until it is read. */
  page(index: number): readonly SessionEventAnswer[] | undefined {
    return this.#pages.get(index);
  }

  /** There are events until this one; the newest are read at once, with those before them. */
  grow(last: number): void {
    if (last <= this.#last) return;
    this.#last = last;
    // It answers again.
    this.#fault = null;
    this.want(...newestOf(last));
    this.#tell();
  }

  want(...indices: readonly number[]): void {
    for (const index of indices) {
      if (index < 0 || index > pageOf(this.#last)) continue;
      this.#wanted.add(index);
      void this.#fill(index);
    }
  }

  /** Tries again what could not be read. */
  again(): void {
    this.#fault = null;
    this.#tell();
    this.want(...this.#wanted);
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One reading of a page at a time; what has come meanwhile is read after it. */
  async #fill(index: number): Promise<void> {
    if (this.#reading.has(index) || this.#fault !== null) return;
    this.#reading.add(index);
    try {
      for (;;) {
        const known = this.#pages.get(index) ?? [];
        const { after, limit } = missingOf(index, this.#last, known.length);
        if (limit <= 0) return;
        const read = await this.#read(after, limit);
        if (read.length === 0) return;
        this.#pages.set(index, [...known, ...read]);
        this.#tell();
      }
    } catch (error) {
      this.#fault = error as Error;
      this.#tell();
    } finally {
      this.#reading.delete(index);
    }
  }

  #tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
