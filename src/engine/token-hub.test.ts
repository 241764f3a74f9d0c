import { expect, test } from 'vitest';
import { memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { TokenChunk } from '../ports/tokens.ts';
import { newId } from '../testing/factories.ts';
import { TokenHub } from './token-hub.ts';

function world() {
  const clock = { now: 1_000_000 };
  const runtime = { ...systemRuntime('silent'), now: () => clock.now };
  const database = memoryDatabase();
  const hub = () => new TokenHub({ store: memoryStore(runtime, database).tokens, runtime });
  const rows = () => [...database.tokenChunks.values()].map(({ start, text }: TokenChunk) => `${start} ${text}`);
  const call = { projectId: newId(), executionId: newId(), path: 'ask', attempt: 1 };
  return { clock, hub: hub(), other: hub(), rows, call, runtime, database };
}

const turn = () => new Promise(setImmediate);

test('readers of this process are told once for a turn, and look for themselves', async () => {
  const { hub, call } = world();
  const rung: string[] = [];
  const reader = hub.follow(call.projectId, call.executionId, (what) => rung.push(what));
  const writer = hub.open(call);
  writer.write('a');
  writer.write('b\ud83d');
  expect(rung).toEqual([]);
  await turn();
  expect(rung).toEqual(['call']);
  // Half a character waits for the other half.
  expect(reader.text('ask', 1)).toBe('ab');
  writer.write('\ude00');
  writer.write('');
  await turn();
  expect(rung).toEqual(['call', 'text']);
  expect(reader.text('ask', 1)).toBe('ab\u{1f600}');
  expect(reader.text('ask', 2)).toBeUndefined();
  reader.stop();
  writer.write('c');
  await turn();
  expect(rung).toEqual(['call', 'text']);
});

test('a call that ends in the turn it began in writes nothing', async () => {
  const { hub, call, rows } = world();
  const writer = hub.open(call);
  writer.write('all of it');
  writer.close();
  writer.write('too late');
  await hub.runOnce();
  expect(rows()).toEqual([]);
});

test('others get the first piece at once and the rest gathered, between characters; after a while it is gone', async () => {
  const { clock, hub, other, call, rows } = world();
  const rung: string[] = [];
  const reader = other.follow(call.projectId, call.executionId, (what) => rung.push(what));
  const writer = hub.open(call);
  writer.write('a\ud83d');
  await hub.runOnce();
  await other.runOnce();
  await turn();
  expect(reader.text('ask', 1)).toBe('a');
  for (const piece of ['\ude00', 'b', '\udc00']) writer.write(piece);
  await hub.runOnce();
  expect(rows()).toEqual(['0 a']);
  clock.now += 50;
  await hub.runOnce();
  writer.write('\ud83d');
  writer.close();
  clock.now += 50;
  await hub.runOnce();
  expect(rows()).toEqual(['0 a', '1 \u{1f600}b\ufffd', '5 \ufffd']);
  await other.runOnce();
  await turn();
  expect(reader.text('ask', 1)).toBe('a\u{1f600}b\ufffd\ufffd');
  expect(rung).toEqual(['call', 'text']);
  clock.now += 10_000;
  await hub.runOnce();
  expect(rows()).toEqual([]);
});

test('a store that is away loses nothing that its call still says', async () => {
  const { call, runtime, database, clock } = world();
  const { tokens } = memoryStore(runtime, database);
  let isAway = true;
  const store = {
    ...tokens,
    write: (chunks: readonly TokenChunk[]) => (isAway ? Promise.reject(new Error('away')) : tokens.write(chunks)),
  };
  const hub = new TokenHub({ store, runtime });
  const writer = hub.open(call);
  writer.write('a');
  await expect(hub.runOnce()).rejects.toThrow('away');
  isAway = false;
  writer.write('b');
  clock.now += 50;
  await hub.runOnce();
  expect([...database.tokenChunks.values()]).toMatchObject([{ start: 0, text: 'ab' }]);
});

test('a process that stops takes with it what its calls have left', async () => {
  const { hub, call, rows } = world();
  const writer = hub.open(call);
  writer.write('a');
  await hub.runOnce();
  writer.close();
  expect(rows()).toEqual(['0 a']);
  await hub.stop();
  expect(rows()).toEqual([]);
});
