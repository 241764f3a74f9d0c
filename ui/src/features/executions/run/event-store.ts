/**
 * The history of one execution as a list whose parts are read when they are looked at: a history of 100,000 events is
 * opened at its end as quickly as at its beginning. What happens meanwhile is added at the end.
 */
import type { EventAnswer } from '../../../../../src/contract/executions.ts';
import type { ReadEvents } from './read-events.ts';

const PAGE = 200;
/** More pages than this are not kept; what is looked at again is read again. */
const MOST_PAGES = 200;
/** Where the end is looked for, as multiples of what is known; and how many looks one round of the search takes. */
const FIRST_LOOKS = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384];
const LOOKS = 8;

export class EventStore {
  readonly id: string;
  /** Sequence number of the last event that is known; they are counted from 1 without gaps. */
  last = 0;
  /** The end was looked for and found: what is missing before it is read when it is looked at. */
  isFound = false;
  fault: Error | null = null;
  readonly #readEvents: ReadEvents;
  readonly #pages = new Map<number, EventAnswer[]>();
  readonly #reading = new Set<number>();
  /** Pages that could not be read; they are missing where somebody looks. */
  readonly #failed = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  constructor(id: string, read: ReadEvents) {
    this.id = id;
    this.#readEvents = read;
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

  /** Looks for the end, which is found unless something goes wrong meanwhile; then `fault` says what. */
  async findEnd(): Promise<void> {
    try {
      if (this.last === 0 && (await this.#fill(0)) < PAGE) return this.#found();
      let [low, high] = await this.#narrowed(FIRST_LOOKS.map((factor) => Math.max(this.last, PAGE) * factor));
      while (high - low > PAGE) {
        const step = Math.ceil((high - low) / LOOKS);
        [low, high] = await this.#narrowed(Array.from({ length: LOOKS + 1 }, (_, index) => low + step * index));
      }
      const { items } = await this.#readEvents(this.id, low, PAGE);
      for (const event of items) this.#keep(event);
      this.#found();
    } catch (error) {
      this.fault = error as Error;
      this.#tell();
    }
  }

  /** Reads again what could not be read. */
  again(): void {
    if (!this.isFound) void this.findEnd();
    for (const page of this.#failed) if (!this.#reading.has(page)) void this.#read(page);
  }

  /** One that has just happened. */
  add(event: EventAnswer): void {
    this.#keep(event);
    this.#trim(pageOf(event.seq));
    this.#tell();
  }

  /** The end lies between two of these places, which ascend: they are looked at all at once. */
  async #narrowed(places: readonly number[]): Promise<[number, number]> {
    const pages = await Promise.all(places.slice(1, -1).map((place) => this.#readEvents(this.id, place, 1)));
    const short = pages.findIndex(({ items }) => items.length === 0);
    const index = short < 0 ? places.length - 2 : short;
    return [places[index] as number, places[index + 1] as number];
  }

  #found(): void {
    this.isFound = true;
    this.fault = null;
    this.#tell();
  }

  async #read(page: number): Promise<void> {
    this.#reading.add(page);
    try {
      await this.#fill(page);
      this.#failed.delete(page);
      this.fault = null;
    } catch (error) {
      this.#failed.add(page);
      this.fault = error as Error;
    }
    this.#reading.delete(page);
    this.#tell();
  }

  /** How many events the page has. */
  async #fill(page: number): Promise<number> {
    const { items } = await this.#readEvents(this.id, page * PAGE, PAGE);
    for (const event of items) this.#keep(event);
    this.#trim(page);
    return items.length;
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
