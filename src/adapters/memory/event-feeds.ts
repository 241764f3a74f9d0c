/** Feeds of events in memory. `feedsInHand` stands for the locks. */
import { type FeedEvent, LARGEST_FEED_DATA } from '../../core/event-feed/feed-message.ts';
import type { EventFeed, EventFeedStore, FeedRound } from '../../ports/event-feeds.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Database } from './database.ts';
import type { FeedEntry } from './feed-entry.ts';

export function eventFeedStore(database: Database, runtime: Runtime): EventFeedStore {
  const { eventFeeds: feeds } = database;
  return {
    get: async (projectId) => parsed(feeds.get(projectId)),
    put: async (feed) => {
      const before = feeds.get(feed.projectId);
      const updatedAt = Math.max(feed.updatedAt, (before?.updatedAt ?? 0) + 1);
      const dates = { createdAt: before?.createdAt ?? feed.updatedAt, updatedAt: before ? updatedAt : feed.updatedAt };
      feeds.set(feed.projectId, { ...feed, ...dates, error: null, failures: 0, retryAt: null });
    },
    delete: async (projectId) => {
      keep(database, (one) => one.projectId !== projectId);
      return feeds.delete(projectId);
    },
    hasten: async (projectId, connection) => {
      const feed = feeds.get(projectId);
      if (feed?.connection === connection) feeds.set(projectId, { ...feed, retryAt: null });
    },
    due: async (now, limit) => {
      const waiting = [...new Set(database.feedEntries.map((one) => one.projectId))];
      return waiting.filter((projectId) => !isPutOff(feeds.get(projectId), now)).slice(0, limit);
    },
    send: (projectId, now, limit, hand) => send(database, { projectId, now, limit, hand }),
    waiting: async (projectId, limit) => {
      const own = database.feedEntries.filter((one) => one.projectId === projectId).slice(0, limit);
      const events = own.reduce((sum, one) => sum + sizeOf(one), 0);
      return { events, oldestAt: own[0]?.createdAt ?? null };
    },
    lag: async () => {
      const [oldest] = database.feedEntries;
      return oldest === undefined ? 0 : Math.max(0, runtime.now() - oldest.createdAt);
    },
  };
}

interface Round {
  readonly projectId: string;
  readonly now: number;
  readonly limit: number;
  readonly hand: Parameters<EventFeedStore['send']>[3];
}

async function send(database: Database, { projectId, now, limit, hand }: Round): Promise<number | null> {
  const { eventFeeds: feeds, feedsInHand: inHand } = database;
  const feed = parsed(feeds.get(projectId));
  if (feed === undefined || isPutOff(feed, now) || inHand.has(projectId)) return null;
  inHand.add(projectId);
  try {
    const round = nextOf(database, projectId, limit);
    const events = round.flatMap((one) => eventsOf(database, one));
    const { left, putOff } = events.length === 0 ? NOTHING_LEFT : await hand(feed, events);
    const present = feeds.get(projectId);
    if (present?.updatedAt === feed.updatedAt) {
      const { error = null, until: retryAt = null } = putOff ?? {};
      feeds.set(projectId, { ...present, error, retryAt, failures: putOff === null ? 0 : feed.failures + 1 });
    }
    for (const one of round) advance(database, one, left.get(one.streamId));
    return putOff === null ? round.length : null;
  } finally {
    inHand.delete(projectId);
  }
}

const NOTHING_LEFT: FeedRound = { left: new Map(), putOff: null };

/** The last of them may have more. */
function nextOf({ feedEntries }: Database, projectId: string, limit: number): FeedEntry[] {
  const round: FeedEntry[] = [];
  let left = limit;
  for (const one of feedEntries) {
    if (left <= 0) break;
    if (one.projectId !== projectId) continue;
    const part = { ...one, lastSeq: Math.min(one.lastSeq, one.firstSeq + left - 1) };
    round.push(part);
    left -= sizeOf(part);
  }
  return round;
}

/** `left`: the first event of the stream that has not arrived. */
function advance({ feedEntries }: Database, part: FeedEntry, left = Number.POSITIVE_INFINITY): void {
  const next = Math.min(part.lastSeq + 1, left);
  const at = feedEntries.findIndex((one) => one.streamId === part.streamId && one.firstSeq === part.firstSeq);
  const entry = feedEntries[at];
  if (entry === undefined || next <= entry.firstSeq) return;
  if (entry.lastSeq < next) feedEntries.splice(at, 1);
  else feedEntries[at] = { ...entry, firstSeq: next };
}

function eventsOf({ executions, sessions }: Database, { streamId, firstSeq, lastSeq }: FeedEntry): FeedEvent[] {
  const ofSession = sessions.get(streamId)?.events.map(({ data, executionId, ...event }) => {
    return { ...event, data: executionId === undefined ? data : JSON.stringify({ executionId, ...JSON.parse(data) }) };
  });
  const all = executions.get(streamId)?.events ?? ofSession ?? [];
  return all.slice(firstSeq - 1, lastSeq).map(({ type, at, data }, index) => {
    const isLarge = Buffer.byteLength(data) > LARGEST_FEED_DATA;
    return { streamId, seq: firstSeq + index, type, at, data: isLarge ? null : data };
  });
}

function keep({ feedEntries }: Database, isKept: (one: FeedEntry) => boolean): void {
  feedEntries.splice(0, feedEntries.length, ...feedEntries.filter(isKept));
}

const sizeOf = ({ firstSeq, lastSeq }: FeedEntry): number => lastSeq - firstSeq + 1;
const isPutOff = (feed: EventFeed | undefined, now: number): boolean => (feed?.retryAt ?? now) > now;
const parsed = (feed: EventFeed | undefined): EventFeed | undefined => feed && structuredClone(feed);
