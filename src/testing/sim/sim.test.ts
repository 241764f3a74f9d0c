import { expect, test } from 'vitest';
import { ownerCheckRemoved, timerDeletedBeforeItsSignal } from './plants.ts';
import type { Plant } from './process.ts';
import { runSeed } from './run.ts';
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

test('the same seed is the same run', async () => {
  for (const seed of [3, 14, 159]) {
    const [first, second] = [await runSeed(seed, { tells: true }), await runSeed(seed, { tells: true })];
    expect(second).toEqual(first);
    expect(first.story.length).toBeGreaterThan(0);
  }
});

test('things do happen', async () => {
  const sum = { executions: 0, commits: 0, effects: 0, crashes: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const { counts } = await runSeed(seed);
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += counts[name];
  }
  for (const count of Object.values(sum)) expect(count).toBeGreaterThan(20);
});

/** The first seed that finds the bug, and what it says. */
async function find(plant: Plant, seeds: number): Promise<string> {
  for (let seed = 1; seed <= seeds; seed++) {
    const { fault } = await runSeed(seed, { plant });
    if (fault !== undefined) return `${seed}: ${fault}`;
  }
  return 'not found';
}

test('it finds that anyone may write', { timeout: LONG }, async () => {
  expect(await find(ownerCheckRemoved, 2_000)).toMatch(/writes id-\d+, which .* owns/);
});

test('it finds that a timer is deleted before its signal is written', { timeout: LONG }, async () => {
  expect(await find(timerDeletedBeforeItsSignal, 2_000)).toMatch(/waits for .*, which will not come/);
});
