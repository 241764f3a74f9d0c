/** Feeds over real PostgreSQL: order where transactions overtake one another, and processes that die in the middle. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendSessions } from '../adapters/postgres/append-sessions.ts';
import { openPool, type Pool } from '../adapters/postgres/sql.ts';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { type FeedEvent, feedId } from '../core/event-feed/feed-message.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { OutgoingMessage } from '../ports/brokers.ts';
import type { FeedRound } from '../ports/event-feeds.ts';
import type { Commit, Store } from '../ports/store.ts';
import { following, NOW, newId, nodeCompleted, ownedCreation } from '../testing/factories.ts';
import { memoryBroker } from '../testing/memory-broker.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { said, sessionAppend } from '../testing/session-events.ts';
import { EventFeeds } from './event-feeds.ts';
import { Senders } from './senders.ts';
import { Stats } from './stats.ts';

const ARRIVED: FeedRound = { left: new Map(), putOff: null };

let database: TestDatabase;
let sql: Pool;
let stores: Store[];
let projectId: string;

beforeEach(async () => {
  database = await testDatabase();
  stores = await Promise.all([openPostgresStore(database.url), openPostgresStore(database.url)]);
  sql = openPool(database.url, { max: 4 });
  projectId = newId();
  const target = { topic: 'audit' };
  await stores[0]!.eventFeeds.put({ projectId, connection: 'events', type: 'kafka', target, updatedAt: NOW });
});

afterEach(async () => {
  await Promise.all([...stores.map((store) => store.close()), sql.end()]);
  await database.drop();
});

/** One round, whose events arrive. */
async function round(limit: number): Promise<FeedEvent[]> {
  const handed: FeedEvent[] = [];
  await stores[0]!.eventFeeds.send(projectId, NOW, limit, async (_, events) => {
    handed.push(...events);
    return ARRIVED;
  });
  return handed;
}

test('of a session that two transactions write to, the later event comes later, whichever began first', async () => {
  const start = sessionAppend({ events: [said('one')] });
  await sql.begin((tx) => appendSessions(tx, [{ projectId, append: start }]));
  const { key } = start.start.data;
  const append = (content: string) => ({ projectId, append: sessionAppend({ key, events: [said(content)] }) });
  await sql.begin(async (older) => {
    await older`select pg_current_xact_id()`;
    await sql.begin((younger) => appendSessions(younger, [append('two')]));
    await appendSessions(older, [append('three')]);
  });
  // Even where nothing but the next is read.
  const seen = [];
  for (let n = 0; n < 4; n++) seen.push(...(await round(1)));
  expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

test('what is written beside a transaction that does not end is sent all the same', async () => {
  await sql.begin(async (open) => {
    await open`select pg_current_xact_id()`;
    await stores[0]!.executions.commit([ownedCreation(newId(), { projectId })]);
    expect(await round(10)).toHaveLength(2);
  });
});

test('a process whose connection breaks after it has sent leaves its round to the next, with the same ids', async () => {
  await stores[0]!.executions.commit([ownedCreation(newId(), { projectId })]);
  const sent: string[] = [];
  const broken = stores[1]!.eventFeeds.send(projectId, NOW, 10, async (_, events) => {
    sent.push(...events.map(feedId));
    await sql`
      select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
       where l.locktype = 'advisory' and d.datname = current_database()`;
    return ARRIVED;
  });
  await expect(broken).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(sent).toHaveLength(2);
  expect((await round(10)).map(feedId)).toEqual(sent);
  expect(await round(10)).toEqual([]);
});

test('entries of a feed that was removed while a commit was on its way are tidied away', async () => {
  await sql`
    insert into event_feed_entries (project_id, stream_id, first_seq, last_seq) values (${newId()}, ${newId()}, 1, 1)`;
  await stores[0]!.executions.tidy(NOW);
  expect(await sql`select 1 as one from event_feed_entries`).toEqual([]);
});

test.each(['kafka', 'nats'] as const)(
  'by %s, two processes that are cut off again and again keep the order',
  async (type) => {
    const target = type === 'kafka' ? { topic: 'audit' } : { subject: 'audit' };
    await stores[0]!.eventFeeds.put({ projectId, connection: 'events', type, target, updatedAt: NOW + 1 });
    const broker = { ...memoryBroker(type), ...(type === 'kafka' && { keepsOrder: true as const }) };
    const quiet = systemRuntime('silent');
    let rounds = 0;
    const services = stores.map(({ eventFeeds }) => {
      const store: typeof eventFeeds = {
        ...eventFeeds,
        send: (id, now, _, hand) =>
          // Small rounds, of which every third is cut off when all of it has arrived.
          eventFeeds.send(id, now, 7, async (feed, events) => {
            const round = await hand(feed, events);
            rounds += 1;
            if (rounds % 3 === 0) throw new Error('died');
            return round;
          }),
      };
      const brokers = new Map([[type, broker]]);
      return new EventFeeds({
        ...{ store, brokers, publishers: new Senders(brokers, quiet), runtime: quiet, stats: new Stats() },
        nodeTypes: createNodeTypes(ABSENT),
        connections: { open: async () => ({ id: 'c', updatedAt: 1, config: {}, secrets: {} }) },
        publicUrl: () => '',
      });
    });
    const wanted = new Map<string, number>();
    const writers = Array.from({ length: 6 }, async (_, n) => {
      const store = stores[n % 2]!;
      let last: Commit = ownedCreation(newId(), { projectId });
      await store.executions.commit([last]);
      for (let size = 1; size <= 8; size++) {
        last = following(last, { events: Array.from({ length: size }, () => nodeCompleted(size)) });
        await store.executions.commit([last]);
      }
      wanted.set(last.executionId, last.firstSeq + last.events.length - 1);
    });
    const waits = async () => (await stores[0]!.eventFeeds.waiting(projectId, 1_000)).events > 0;
    await Promise.all(writers);
    while (await waits()) await Promise.all(services.map((service) => service.runOnce()));
    await Promise.all(services.map((service) => service.stop()));
    expect(firsts(broker.sent)).toEqual(wanted);
    expect(broker.sent.length).toBeGreaterThan([...wanted.values()].reduce((sum, count) => sum + count, 0));
  },
);

/** How many events of each stream came; each must have come after the one before it. */
function firsts(sent: readonly OutgoingMessage[]): Map<string, number> {
  const seen = new Map<string, number>();
  for (const { id } of sent) {
    const [stream = '', seq] = id.split('/');
    const last = seen.get(stream) ?? 0;
    expect(Number(seq)).toBeLessThanOrEqual(last + 1);
    seen.set(stream, Math.max(last, Number(seq)));
  }
  return seen;
}
