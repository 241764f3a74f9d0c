/** Messages that come without pause, for as long as they may, each under an id of its own that is never sent twice. */
import { randomUUID } from 'node:crypto';
import type { BrokerUnderLoad, Feed } from './brokers.ts';

/** Calls that make up a window. */
const CALLS = 12;

interface Options {
  readonly broker: BrokerUnderLoad;
  readonly address: string;
  readonly place: string;
  /** Messages that are on their way at most: the load is as fast as what it loads. */
  readonly window: number;
  /** Resolves when the broker is there, as far as is known. */
  up(): Promise<unknown>;
  /** Messages that have come out at the other end. */
  arrived(): number;
  /** Resolves when that was more. */
  news(): Promise<void>;
}

export class Load {
  /** The broker said that it has them. */
  readonly acknowledged = new Set<string>();
  /** It may have them or not: it went down before it answered. Others were sent in their place. */
  readonly unanswered = new Set<string>();
  readonly #options: Options;
  readonly #work: Promise<void>;
  #allowed = 0;
  #stopped = false;
  #change = Promise.withResolvers<void>();

  constructor(options: Options) {
    this.#options = options;
    this.#work = this.#run();
  }

  /** So many more may be sent. */
  allow(count: number): void {
    this.#allowed += count;
    this.#wake();
  }

  /** All that were allowed are acknowledged. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#work;
  }

  #wake(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  async #run(): Promise<void> {
    let feed: Feed | undefined;
    for (;;) {
      if (this.acknowledged.size >= this.#allowed) {
        if (this.#stopped) break;
        await this.#change.promise;
      } else if (this.acknowledged.size - this.#options.arrived() >= this.#options.window) {
        await this.#options.news();
      } else feed = await this.#send(feed);
    }
    await feed?.close();
  }

  /** The feed, unless it broke. */
  async #send(before: Feed | undefined): Promise<Feed | undefined> {
    const { broker, address, place, window } = this.#options;
    const ids = Array.from({ length: Math.ceil(window / CALLS) }, () => randomUUID());
    let feed = before;
    try {
      feed ??= await broker.open(address);
      await feed.send(
        place,
        ids.map((id) => JSON.stringify({ id })),
      );
      for (const id of ids) this.acknowledged.add(id);
      return feed;
    } catch {
      if (feed !== undefined) for (const id of ids) this.unanswered.add(id);
      await feed?.close().catch(() => undefined);
      await this.#options.up();
      return undefined;
    }
  }
}
