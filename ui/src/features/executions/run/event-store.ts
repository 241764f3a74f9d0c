/**
 * The history of one execution as a list whose parts are read when they are looked at: a history of 100,000 events is
 * opened at its end as quickly as at its beginning. What happens meanwhile is added at the end.
 */
import type { EventAnswer } from '../../../../../src/contract/executions.ts';
import { call } from '../../../api/call.ts';

const PAGE = 200;
/** More pages than this are not kept; what is looked at again is read again. */
const MOST_PAGES = 200;

export class EventStore {
  readonly id: string;
  /** Sequence number of the last event that is known; they are counted from 1 without gaps. */
  last = 0;
  fault: Error | null = null;
  readonly #pages = new Map<number, EventAnswer[]>();
  readonly #reading = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  constructor(id: string) {
    this.id = id;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly version = (): number => this.#version;

  at(seq: number): EventAnswer | undefined {
    return this.#pages.get(pageOf(seq))?.[(seq - 1) % PAGE];
  }

  /** Reads the page of an event, unless it is here or on its way. */
  want(seq: number): void {
    const page = pageOf(seq);
    if (this.#reading.has(page) || this.at(seq) !== undefined || seq < 1 || seq > this.last) return;
    void this.#read(page);
  }

  /** Finds the end; call it again after a time without news. */
  async findEnd(): Promise<void> {
    try {
      if (this.last === 0 && (await this.#read(0)) < PAGE) return;
      let [low, high] = [Math.max(this.last, PAGE), Math.max(this.last, PAGE) * 2];
      while (await this.#isBeyond(high)) [low, high] = [high, high * 2];
      while (high - low > PAGE) {
        const middle = Math.floor((low + high) / 2);
        if (await this.#isBeyond(middle)) low = middle;
        else high = middle;
      }
      await this.#readFrom(low);
    } catch (error) {
      this.fault = error as Error;
      this.#tell();
    }
  }

  /** One that has just happened. */
  add(event: EventAnswer): void {
    this.#keep(event);
    this.#tell();
  }

  async #isBeyond(seq: number): Promise<boolean> {
    const { items } = await readEvents(this.id, seq, 1);
    for (const event of items) this.last = Math.max(this.last, event.seq);
    return items.length > 0;
  }

  async #readFrom(after: number): Promise<void> {
    const { items } = await readEvents(this.id, after, PAGE);
    for (const event of items) this.#keep(event);
    this.#tell();
  }

  async #read(page: number): Promise<number> {
    this.#reading.add(page);
    try {
      const { items } = await readEvents(this.id, page * PAGE, PAGE);
      for (const event of items) this.#keep(event);
      this.fault = null;
      this.#trim(page);
      return items.length;
    } catch (error) {
      this.fault = error as Error;
      return 0;
    } finally {
      this.#reading.delete(page);
      this.#tell();
    }
  }

  #keep(event: EventAnswer): void {
    const page = pageOf(event.seq);
    const events = this.#pages.get(page) ?? [];
    events[(event.seq - 1) % PAGE] = event;
    this.#pages.set(page, events);
    this.last = Math.max(this.last, event.seq);
  }

  #trim(present: number): void {
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= MOST_PAGES) return;
      if (page !== present && page !== pageOf(this.last)) this.#pages.delete(page);
    }
  }

  #tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

const pageOf = (seq: number): number => Math.floor((seq - 1) / PAGE);

export const readEvents = (id: string, after: number, limit: number, signal?: AbortSignal) =>
  call('listExecutionEvents', { params: { id }, query: { after, limit }, ...(signal && { signal }) });
