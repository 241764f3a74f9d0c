import { expect, test } from 'vitest';
import { ownerCheckRemoved, timerDeletedBeforeItsSignal } from './plants.ts';
import { findFault, runSeed } from './run.ts';
import { storyOf } from './story.ts';

/** Seeds that every run of the tests tries; `npm run sim` tries others. */
const SEEDS = 300;
const LONG = 120_000;

test.each([0, 1, 2, 3])('part %i of the seeds breaks no rule', { timeout: LONG }, async (part) => {
  const faults: string[] = [];
  for (let seed = 1 + part; seed <= SEEDS; seed += 4) {
    const { fault } = await runSeed(seed);
    if (fault !== undefined) faults.push(storyOf(await runSeed(seed, { tells: true })));
  }
  expect(faults.join('\n\n')).toBe('');
});

test('the same seed is the same run', { timeout: LONG }, async () => {
  for (const seed of [3, 14, 159]) {
    const [first, second] = [await runSeed(seed, { tells: true }), await runSeed(seed, { tells: true })];
    expect(second).toEqual(first);
    expect(first.story.length).toBeGreaterThan(0);
  }
});

test('things do happen', { timeout: LONG }, async () => {
  const sum = { executions: 0, commits: 0, effects: 0, crashes: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const { counts } = await runSeed(seed);
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += counts[name];
  }
  for (const count of Object.values(sum)) expect(count).toBeGreaterThan(20);
});

test('it finds that anyone may write', { timeout: LONG }, async () => {
  expect(await findFault(2_000, ownerCheckRemoved)).toMatch(/writes id-\d+, which .* owns/);
});

test('it finds that a timer is deleted before its signal is written', { timeout: LONG }, async () => {
  expect(await findFault(2_000, timerDeletedBeforeItsSignal)).toMatch(/waits for .*, which will not come/);
});
