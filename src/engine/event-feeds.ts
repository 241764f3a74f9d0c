/**
 * Sends the feeds of all projects to their brokers (ports/event-feeds.ts): the store keeps processes apart, so any
 * number may be at it. A broker that refuses holds back its own feed alone, which tries again after pauses that grow.
 */
import { ID_HEADER } from '../core/brokers/publish.ts';
import { MyelinError, toErrorInfo } from '../core/errors.ts';
import { FEED_CONTENT_TYPE, type FeedEvent, feedId, feedMessage } from '../core/event-feed/feed-message.ts';
import type { NodeTypes } from '../core/node-type.ts';
import type { Brokers, Publishers } from '../ports/brokers.ts';
import type { Connections } from '../ports/connections.ts';
import type { EventFeed, EventFeedStore, FeedRound } from '../ports/event-feeds.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Changed } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { feedTarget } from './feed-target.ts';
import { Loop } from './loop.ts';
import type { Stats } from './stats.ts';
import { isUnavailable } from './unavailable.ts';

export interface EventFeedsOptions {
  readonly store: EventFeedStore;
  readonly connections: Connections;
  readonly brokers: Brokers;
  readonly publishers: Publishers;
  readonly nodeTypes: NodeTypes;
  readonly runtime: Runtime;
  readonly stats: Stats;
  readonly publicUrl: () => string;
  readonly changed?: Changed;
}

/** Events of one round. */
const BATCH = 500;
/** Feeds that this process sends at the same time: each has a connection of the database meanwhile. */
const HANDS = 3;
/** Rounds of a feed that has much, before another has its turn. */
const TURN = 50;
/** Between looks when nobody wakes it. */
const LOOK_MS = 500;
/** A broker that does not take what it is given within is one that refuses. */
const LIMIT_MS = 30_000;
/** After which what is left of a round is left to the next: the store waits no longer than a minute for both. */
const ROUND_MS = 10_000;
/** The pause after the first failure; each is twice the one before. */
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export class EventFeeds implements Service {
  readonly #options: EventFeedsOptions;
  readonly #loop: Loop;
  /** By project. */
  readonly #turns = new Map<string, Promise<void>>();
  /** Projects that had something new when a turn of theirs was on its way: it may have seen it, or not. */
  readonly #again = new Set<string>();
  #over = new AbortController();

  constructor(options: EventFeedsOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'event feeds', runtime: options.runtime, round: () => this.#look() });
  }

  start(): void {
    this.#over = new AbortController();
    this.#loop.start();
  }

  /** What is on its way to a broker is sent again by the next. */
  async stop(): Promise<void> {
    this.#over.abort(new MyelinError('interrupted', 'The server is stopped.'));
    await this.#loop.stop();
    await Promise.all(this.#turns.values());
  }

  /** Something was written for a feed. */
  wake(): void {
    this.#loop.wake();
  }

  /** Resolves when all that can be sent now is sent. */
  async runOnce(): Promise<void> {
    await this.#look();
    await Promise.all(this.#turns.values());
  }

  async #look(): Promise<number> {
    const { store, runtime } = this.#options;
    const free = HANDS - this.#turns.size;
    if (free <= 0) return LOOK_MS;
    const due = await store.due(runtime.now(), HANDS + this.#turns.size);
    for (const projectId of due.filter((id) => this.#turns.has(id))) this.#again.add(projectId);
    for (const projectId of due.filter((id) => !this.#turns.has(id)).slice(0, free)) {
      const turn = this.#turn(projectId).finally(() => {
        this.#turns.delete(projectId);
        if (this.#again.delete(projectId)) this.#loop.wake();
      });
      this.#turns.set(projectId, turn);
    }
    return LOOK_MS;
  }

  async #turn(projectId: string): Promise<void> {
    const { store, runtime } = this.#options;
    try {
      for (let round = 0; round < TURN && !this.#over.signal.aborted; round++) {
        const taken = await store.send(projectId, runtime.now(), BATCH, (feed, events) => this.#send(feed, events));
        if (taken === null || taken === 0) return;
      }
      this.#loop.wake();
    } catch (error) {
      if (this.#over.signal.aborted) return;
      const level = isUnavailable(error) ? 'warn' : 'error';
      runtime.log[level]({ projectId, error: toErrorInfo(error, 'internal') }, 'a feed could not do its round');
    }
  }

  async #send(feed: EventFeed, events: readonly FeedEvent[]): Promise<FeedRound> {
    const { brokers, runtime } = this.#options;
    failpoint('feed.before-send');
    const waves = brokers.get(feed.type)?.keepsOrder ? [events] : inWaves(events);
    const began = runtime.now();
    let sent = 0;
    try {
      const send = await this.#sender(feed);
      while (sent < waves.length && runtime.now() - began < ROUND_MS) {
        await send(waves[sent] ?? []);
        sent += 1;
      }
    } catch (error) {
      if (this.#over.signal.aborted) throw error;
      return { left: firstOf(waves.slice(sent)), putOff: this.#putOff(feed, error) };
    }
    failpoint('feed.after-send');
    const left = firstOf(waves.slice(sent));
    this.#went(feed, waves.slice(0, sent).flat().length);
    return { left, putOff: null };
  }

  /** Throws what keeps it from sending. */
  async #sender({ projectId, connection: name, type, target }: EventFeed) {
    const { connections, publishers, nodeTypes, publicUrl } = this.#options;
    const connection = await connections.open(projectId, name, type);
    const to = feedTarget(nodeTypes, { connection: { name, type }, target });
    const text = new TextEncoder();
    return async (events: readonly FeedEvent[]): Promise<void> => {
      const messages = events.map((event) => {
        const id = feedId(event);
        const headers = { 'content-type': FEED_CONTENT_TYPE, [ID_HEADER]: id };
        return { to, id, key: event.streamId, headers, value: text.encode(feedMessage(event, publicUrl())) };
      });
      await this.#inTime((signal) => publishers.publish(type, connection, messages, signal));
    };
  }

  #putOff({ projectId, connection, failures }: EventFeed, thrown: unknown) {
    const { runtime, changed } = this.#options;
    const error = toErrorInfo(thrown, 'connection_failed');
    runtime.log.warn({ projectId, connection, error }, 'the feed of events is refused; it is tried again');
    changed?.(projectId, ['connections']);
    return { error, until: runtime.now() + Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** failures) };
  }

  #went({ projectId, connection, failures }: EventFeed, count: number): void {
    const { runtime, stats, changed } = this.#options;
    stats.fed += count;
    if (failures === 0) return;
    runtime.log.info({ projectId, connection }, 'the feed of events goes on');
    changed?.(projectId, ['connections']);
  }

  async #inTime(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const [late, over] = [new AbortController(), new AbortController()];
    const words = `The broker did not take the events within ${LIMIT_MS / 1_000} s.`;
    const limit = this.#options.runtime
      .sleep(LIMIT_MS, over.signal)
      .then(() => late.abort(new MyelinError('connection_failed', words)));
    try {
      await work(AbortSignal.any([late.signal, this.#over.signal]));
    } finally {
      over.abort('over');
      await limit;
    }
  }
}

/** One event of each stream after the other: of those that are on their way together, any may be refused alone. */
function inWaves(events: readonly FeedEvent[]): FeedEvent[][] {
  const waves: FeedEvent[][] = [];
  const counts = new Map<string, number>();
  for (const event of events) {
    const place = counts.get(event.streamId) ?? 0;
    counts.set(event.streamId, place + 1);
    const wave = waves[place];
    if (wave === undefined) waves.push([event]);
    else wave.push(event);
  }
  return waves;
}

/** By stream. */
function firstOf(waves: readonly (readonly FeedEvent[])[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { streamId, seq } of waves.flat()) if (!first.has(streamId)) first.set(streamId, seq);
  return first;
}
