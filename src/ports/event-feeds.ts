/**
 * The feed of a project: every event of its executions and sessions, on its way to a broker. What is written down with
 * an event is only where it lies, in the same commit, and is gone when the event has arrived: it goes out at least once,
 * and events of one stream in their order. What retention has removed before is left out.
 */
import type { Fields } from '../core/connections/parts.ts';
import type { ErrorInfo } from '../core/errors.ts';
import type { FeedEvent } from '../core/event-feed/feed-message.ts';

export interface EventFeedStore {
  get(projectId: string): Promise<EventFeed | undefined>;
  /** A new one begins with what is written from now on; one that is there goes on at its new place, and at once. */
  put(feed: NewEventFeed): Promise<void>;
  /** What waits is forgotten with it; false where there is none. */
  delete(projectId: string): Promise<boolean>;
  /** The connection was changed: a feed that uses it tries again at once. */
  hasten(projectId: string, connection: string): Promise<void>;
  /** Projects whose feeds have something to send and are not put off at `now`, at most `limit`; who waits longest first. */
  due(now: number, limit: number): Promise<string[]>;
  /**
   * Hands up to `limit` events, the oldest first, to `hand`, by one process at a time. What has arrived is forgotten;
   * where it rejects, nothing is written down. Resolves with the number of stretches that were handed over; null:
   * another process is at it, it is put off, or there is no feed.
   */
  send(
    projectId: string,
    now: number,
    limit: number,
    hand: (feed: EventFeed, events: readonly FeedEvent[]) => Promise<FeedRound>,
  ): Promise<number | null>;
  /** What is not sent yet, counted in the first `limit` stretches. */
  waiting(projectId: string, limit: number): Promise<FeedBacklog>;
  /** How long the oldest event of all projects has waited, in milliseconds; 0 where none does. */
  lag(): Promise<number>;
}

/** Times in milliseconds since the epoch. */
export interface NewEventFeed {
  readonly projectId: string;
  /** Name of a connection, and the type that it had. */
  readonly connection: string;
  readonly type: string;
  /** Fields of the publish node of that type, such as `topic`. */
  readonly target: Fields;
  readonly updatedAt: number;
}

export interface EventFeed extends NewEventFeed {
  readonly createdAt: number;
  /** Of the last try, where it failed. */
  readonly error: ErrorInfo | null;
  /** Tries that failed since one did not. */
  readonly failures: number;
  readonly retryAt: number | null;
}

export interface FeedRound {
  /** By stream: its first event that has not arrived; a stream that is not in it has arrived whole. */
  readonly left: ReadonlyMap<string, number>;
  /** Null: nothing went wrong, and what is left is handed over again at once. */
  readonly putOff: FeedPutOff | null;
}

interface FeedPutOff {
  readonly error: ErrorInfo;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

export interface FeedBacklog {
  readonly events: number;
  /** When the first of them was written, in milliseconds since the epoch; null: none waits. */
  readonly oldestAt: number | null;
}
