import { expect, test } from 'vitest';
import type { Runtime } from '../ports/runtime.ts';
import { Loop } from './loop.ts';

/** Sleeps until woken; tells what it was asked for. */
function stage() {
  const naps: number[] = [];
  const warnings: string[] = [];
  let asleep: () => void = () => undefined;
  const runtime = {
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        naps.push(ms);
        signal?.addEventListener('abort', () => resolve(), { once: true });
        asleep();
      }),
    log: { warn: (_: object, message: string) => warnings.push(message) },
  } as unknown as Runtime;
  const nap = () => new Promise<void>((resolve) => (asleep = resolve));
  return { runtime, naps, warnings, nap };
}

test('rounds repeat after the pause they ask for, or when woken', async () => {
  const { runtime, naps, nap } = stage();
  let rounds = 0;
  const loop = new Loop({ name: 'x', runtime, round: async () => ++rounds * 10 });
  const first = nap();
  loop.start();
  loop.start();
  await first;
  const second = nap();
  loop.wake();
  await second;
  await loop.stop();
  expect(rounds).toBe(2);
  expect(naps).toEqual([10, 20]);
});

test('woken in the middle of a round, the next follows at once', async () => {
  const { runtime, naps, nap } = stage();
  let rounds = 0;
  const loop: Loop = new Loop({
    name: 'x',
    runtime,
    round: async () => {
      if (++rounds === 1) loop.wake();
      return 5;
    },
  });
  const asleep = nap();
  loop.start();
  await asleep;
  await loop.stop();
  expect([rounds, naps.length]).toEqual([2, 1]);
});

test('a round that fails is logged and comes again', async () => {
  const { runtime, warnings, nap } = stage();
  const loop = new Loop({ name: 'timers', runtime, round: () => Promise.reject(new Error('no')) });
  const asleep = nap();
  loop.start();
  await asleep;
  await loop.stop();
  expect(warnings).toEqual(['timers could not do its round']);
  await expect(loop.runOnce()).rejects.toThrow('no');
});
