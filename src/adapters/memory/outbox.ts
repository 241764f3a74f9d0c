/** The outbox in memory. `relaying` stands for the lock of the one process that relays. */
import type { CloudEvent } from '../../core/cloud-event.ts';
import type { NewMessage, OutboxMessage, OutboxStore, Relayed } from '../../ports/outbox.ts';
import type { Runtime } from '../../ports/runtime.ts';
import { addMessage, type Database, type MessageRecord, wake } from './database.ts';
import { addLetter } from './letters.ts';

export function outboxStore(database: Database, runtime: Runtime): OutboxStore {
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
      const [oldest] = database.outbox.values();
      return oldest === undefined ? 0 : Math.max(0, runtime.now() - oldest.createdAt);
    },
  };
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
  deliver: (messages: readonly OutboxMessage[]) => Promise<Relayed>,
): Promise<number | null> {
  if (database.relaying) return null;
  database.relaying = true;
  try {
    const messages = oldest(database, now, limit);
    if (messages.length === 0) return 0;
    const { done, putOff, letters = [], messages: told = [] } = await deliver(messages);
    for (const letter of letters) addLetter(database, letter);
    for (const one of told) addMessage(database, now, one);
    if (told.length > 0) wake(database, 'messages');
    for (const id of done) database.outbox.delete(id);
    for (const { id, until } of putOff) {
      const record = database.outbox.get(id);
      if (record !== undefined) Object.assign(record, { attempts: record.attempts + 1, retryAt: until });
    }
    return messages.length;
  } finally {
    database.relaying = false;
  }
}

function oldest(database: Database, now: number, limit: number): OutboxMessage[] {
  const held = new Set<string>();
  const found: OutboxMessage[] = [];
  for (const record of database.outbox.values()) {
    const event = JSON.parse(record.event) as CloudEvent;
    const place = JSON.stringify([record.projectId, event.partitionkey]);
    const isPutOff = record.retryAt !== null && record.retryAt > now;
    if (isPutOff && event.partitionkey !== undefined) held.add(place);
    if (isPutOff || held.has(place)) continue;
    if (found.length < limit) found.push(toMessage(record, event));
  }
  return found;
}

function toMessage({ id, projectId, attempts }: MessageRecord, event: CloudEvent): OutboxMessage {
  return { id, projectId, event, attempts };
}
