import { expect, test } from 'vitest';
import { inTime } from './patience.ts';

/** Sleeps until told, and counts who still sleeps. */
function sleeper() {
  let sleeping = 0;
  let wake = () => {};
  const sleep = (_ms: number, signal?: AbortSignal) => {
    sleeping += 1;
    return new Promise<void>((resolve) => {
      wake = resolve;
      signal?.addEventListener('abort', () => resolve());
    }).finally(() => {
      sleeping -= 1;
    });
  };
  return { sleep, wake: () => wake(), sleeping: () => sleeping };
}

test('what comes in time is passed on, and nobody sleeps any more', async () => {
  const clock = sleeper();
  expect(await inTime(clock, 1_000, Promise.resolve(7))).toBe(7);
  await expect(inTime(clock, 1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  await new Promise(setImmediate);
  expect(clock.sleeping()).toBe(0);
});

test('what is late is refused, and its own failure is heard by nobody', async () => {
  const clock = sleeper();
  let fail = (_: Error) => {};
  const work = new Promise((_, reject) => {
    fail = reject;
  });
  const refused = expect(inTime(clock, 1_000, work)).rejects.toMatchObject({ code: 'store_unavailable' });
  clock.wake();
  await refused;
  fail(new Error('too late'));
});
