/** A log of messages in a cluster whose transactions have not come as far as those that wrote it. */
import { expect, test } from 'vitest';
import type { LoggedMessage } from '../../ports/messages.ts';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import { testDatabase } from '../../testing/postgres.ts';
import { openPool } from './sql.ts';
import { openPostgresStore } from './store.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

test('what was delivered stays so, what was not comes first, and what is new after it', async () => {
  const database = await testDatabase();
  const before = await openPostgresStore(database.url);
  await send(before, 'delivered');
  await take(before);
  await send(before, 'waits');
  await before.close();
  const sql = openPool(database.url, { max: 1 });
  const ahead = 'set tx = ((tx::text)::bigint + 1000000000)::text::xid8';
  await sql.unsafe(`update messages ${ahead}; update message_lanes ${ahead}`);
  const [one, two] = await Promise.all([openPostgresStore(database.url), openPostgresStore(database.url)]);
  await send(one, 'new');
  const taken = await take(two);
  for (const key of KEYS) {
    const ofKey = taken.filter(({ event }) => event.partitionkey === key);
    expect(ofKey.map(({ event }) => event.type)).toEqual(['waits', 'new']);
  }
  expect(taken).toHaveLength(2 * KEYS.length);
  expect(await one.messages.count({ projectId: DEFAULT_PROJECT })).toBe(3 * KEYS.length);
  await Promise.all([one.close(), two.close(), sql.end()]);
  await database.drop();
});

async function send({ messages }: Store, type: string): Promise<void> {
  const events = KEYS.map((key) => ({ specversion: '1.0' as const, id: `${type} ${key}`, source: '/t', type }));
  await messages.add(
    events.map((event, at) => ({ projectId: DEFAULT_PROJECT, event: { ...event, partitionkey: KEYS[at] as string } })),
  );
}

/** All there is to deliver. */
async function take({ messages }: Store): Promise<LoggedMessage[]> {
  const taken: LoggedMessage[] = [];
  while (
    (await messages.relay(Date.now(), 7, async (some) => {
      taken.push(...some);
      return { done: some.map(({ id }) => id), putOff: [] };
    })) !== 0
  );
  return taken;
}
