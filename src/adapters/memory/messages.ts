/** The log of messages in memory: one lane. `relaying` stands for its lock. */
import type { CloudEvent } from '../../core/cloud-event.ts';
import { fitsPattern } from '../../core/message-pattern.ts';
import type {
  LoggedMessage,
  MessageFilter,
  MessageRow,
  MessageStore,
  NewMessage,
  Relayed,
} from '../../ports/messages.ts';
import type { Runtime } from '../../ports/runtime.ts';
import { addMessage, type Database, wake } from './database.ts';
import { addLetter } from './letters.ts';
import type { MessageRecord } from './message-record.ts';

/** The only one. */
export const LANE = 0;

export function messageStore(database: Database, runtime: Runtime): MessageStore {
  return {
    add: async (messages) => add(database, runtime.now(), messages),
    relay: (now, limit, deliver) => relay(database, now, limit, deliver),
    setAside: async (left) => {
      const fresh = left.filter(({ letter }) => {
        const isNew = !database.letters.has(letter.id);
        if (isNew) addLetter(database, letter);
        return isNew;
      });
      const messages = fresh.flatMap((one) => one.messages);
      for (const one of messages) addMessage(database, runtime.now(), one);
      if (messages.length > 0) wake(database, 'messages');
      return fresh.length;
    },
    lag: async () => {
      const [oldest] = database.undelivered.values();
      return oldest === undefined ? 0 : Math.max(0, runtime.now() - oldest.createdAt);
    },
    list: async ({ before = Number.POSITIVE_INFINITY, limit, ...filter }) =>
      find(database, filter)
        .filter(({ id }) => id < before)
        .reverse()
        .slice(0, limit),
    read: async ({ after = 0, limit, ...filter }) => {
      const rows = find(database, filter).filter(({ id }) => id > after);
      return rows.slice(0, limit).map(({ id, projectId, event }) => ({ id, projectId, event, attempts: 0 }));
    },
    count: async (filter, limit) => find(database, filter).slice(0, limit).length,
    get: async (projectId, id) => find(database, { projectId }).find((one) => one.id === id),
    forget: async (before) => {
      const isGone = ({ id, createdAt }: MessageRecord) => createdAt < before && !database.undelivered.has(id);
      countGone(database, database.messages.filter(isGone));
      const kept = database.messages.filter((one) => !isGone(one));
      database.messages.splice(0, database.messages.length, ...kept);
    },
  };
}

function find({ messages }: Database, filter: MessageFilter): MessageRow[] {
  const { projectId, type, topic, key, from = 0, to = Number.POSITIVE_INFINITY } = filter;
  return messages
    .map((record) => ({ ...record, event: JSON.parse(record.event) as CloudEvent }))
    .filter((one) => one.projectId === projectId && one.createdAt >= from && one.createdAt < to)
    .filter(({ event }) => type === undefined || fitsPattern(type, event.type))
    .filter(({ event }) => (topic ?? event.topic) === event.topic && (key ?? event.partitionkey) === event.partitionkey)
    .map(({ id, event, createdAt }) => ({ id, projectId, event, createdAt }));
}

function add(database: Database, now: number, messages: readonly NewMessage[]): number {
  const fresh = messages.filter((one) => takeId(database, now, one));
  for (const one of fresh) addMessage(database, now, one);
  if (fresh.length > 0) wake(database, 'messages');
  return fresh.length;
}

function takeId({ messageIds }: Database, now: number, { projectId, event, uniqueUntil }: NewMessage): boolean {
  if (uniqueUntil === undefined) return true;
  const place = JSON.stringify([projectId, event.source, event.id]);
  const held = messageIds.get(place);
  if (held !== undefined && held >= now) return false;
  messageIds.set(place, uniqueUntil);
  return true;
}

async function relay(
  database: Database,
  now: number,
  limit: number,
  deliver: (messages: readonly LoggedMessage[]) => Promise<Relayed>,
): Promise<number | null> {
  if (database.relaying !== null) return null;
  const round = Promise.withResolvers<void>();
  database.relaying = round.promise;
  try {
    const messages = oldest(database, now, limit);
    if (messages.length === 0) return 0;
    const last = messages.at(-1)?.id ?? 0;
    const { done, putOff, letters = [], messages: told = [] } = await deliver(messages);
    for (const letter of letters) addLetter(database, letter);
    for (const one of told) addMessage(database, now, one);
    if (told.length > 0) wake(database, 'messages');
    for (const id of done) database.undelivered.delete(id);
    for (const { id, until } of putOff) {
      const record = database.undelivered.get(id);
      if (record !== undefined) {
        database.undelivered.set(id, { ...record, attempts: record.attempts + 1, retryAt: until });
      }
    }
    database.relayedTo = Math.max(database.relayedTo, last);
    return messages.length;
  } finally {
    database.relaying = null;
    round.resolve();
  }
}

/** What groups lose of it that have not read it yet. */
function countGone({ eventGroups }: Database, messages: readonly MessageRecord[]): void {
  for (const group of eventGroups.values()) {
    const { place, projectId } = group;
    if (place !== null) group.gone += messages.filter((one) => one.projectId === projectId && one.id > place.id).length;
  }
}

function oldest(database: Database, now: number, limit: number): LoggedMessage[] {
  const held = new Set<string>();
  const found: LoggedMessage[] = [];
  for (const record of database.undelivered.values()) {
    const event = JSON.parse(record.event) as CloudEvent;
    const place = JSON.stringify([record.projectId, event.partitionkey]);
    const isPutOff = record.retryAt !== null && record.retryAt > now;
    if (isPutOff && event.partitionkey !== undefined) held.add(place);
    if (isPutOff || held.has(place)) continue;
    if (found.length < limit) found.push(toMessage(record, event));
  }
  return found;
}

function toMessage({ id, projectId, attempts }: MessageRecord, event: CloudEvent): LoggedMessage {
  return { id, projectId, event, attempts, lane: LANE };
}
