import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

const never = new AbortController().signal;

/** Enters, and notes the name when it is in. */
function enter(gate: Gate, name: string, inside: string[], signal = never): Promise<void> {
  return gate.enter(signal).then(() => void inside.push(name));
}

test('so many are in at a time, the others come in their order', async () => {
  const gate = new Gate(2);
  const inside: string[] = [];
  const all = ['a', 'b', 'c', 'd'].map((name) => enter(gate, name, inside));
  await Promise.all(all.slice(0, 2));
  expect([inside, gate.inside, gate.waiting]).toEqual([['a', 'b'], 2, 2]);
  expect(gate.tryEnter()).toBe(false);
  gate.leave();
  await all[2];
  gate.leave();
  await all[3];
  expect(inside).toEqual(['a', 'b', 'c', 'd']);
  gate.leave();
  expect(gate.tryEnter()).toBe(true);
});

test('who is called off leaves the queue, and takes no place', async () => {
  const gate = new Gate(1);
  const abort = new AbortController();
  await gate.enter(never);
  const inside: string[] = [];
  const off = enter(gate, 'off', inside, abort.signal);
  const next = enter(gate, 'next', inside);
  abort.abort('called off');
  await expect(off).rejects.toBe('called off');
  await expect(gate.enter(abort.signal)).rejects.toBe('called off');
  gate.leave();
  await next;
  expect([inside, gate.inside, gate.waiting]).toEqual([['next'], 1, 0]);
});

test('all who wait can be sent away', async () => {
  const gate = new Gate(1);
  await gate.enter(never);
  const waiting = Promise.allSettled([gate.enter(never), gate.enter(never)]);
  gate.refuse('closed');
  expect((await waiting).map((one) => one.status)).toEqual(['rejected', 'rejected']);
  expect([gate.inside, gate.waiting]).toEqual([1, 0]);
});

test('a higher limit lets in who waits, a lower one sends nobody out', async () => {
  const gate = new Gate(1);
  await gate.enter(never);
  const second = gate.enter(never);
  gate.limit = 2;
  await second;
  gate.limit = 1;
  expect(gate.inside).toBe(2);
  gate.leave();
  expect(gate.tryEnter()).toBe(false);
});
