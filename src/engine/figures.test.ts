import { beforeEach, expect, test } from 'vitest';
import { memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import { type FigureStore, MINUTE_MS } from '../ports/figures.ts';
import type { Store } from '../ports/store.ts';
import { endedCreation, newId } from '../testing/factories.ts';
import { Figures } from './figures.ts';

const projectId = newId();
const SECOND = 1_000;

let clock: { now: number };
let store: Store;
let away: boolean;
/** What each round asked for. */
let settles: boolean[];

beforeEach(() => {
  clock = { now: 100 * MINUTE_MS };
  away = false;
  settles = [];
  store = memoryStore({ ...systemRuntime('silent'), now: () => clock.now }, memoryDatabase());
});

function service(): Figures {
  const figures: FigureStore = {
    ...store.figures,
    count: async (options) => {
      if (away) throw new MyelinError('store_unavailable');
      settles.push(options.settles);
      return await store.figures.count(options);
    },
  };
  return new Figures({ store: figures, runtime: { ...systemRuntime('silent'), now: () => clock.now } });
}

async function pass(ms: number, figures: Figures): Promise<void> {
  for (const end = clock.now + ms; clock.now < end; clock.now += 5 * SECOND) {
    await figures.runOnce().catch(() => undefined);
  }
  await figures.runOnce().catch(() => undefined);
}

const ended = (at: number) =>
  store.executions.commit([endedCreation({ projectId, startedAt: at, finishedAt: at }, { createdAt: at })]);

async function counted(): Promise<number[]> {
  const rows = await store.figures.series({ projectId, from: 0, to: Infinity, stepMs: MINUTE_MS });
  return rows.flatMap(({ at, completed }) => Array(completed).fill(at / MINUTE_MS));
}

test('it looks once a minute how many there are', async () => {
  const looked = async () => {
    const rows = await store.figures.levels({ projectId, from: 0, to: Infinity, stepMs: SECOND });
    return rows.map(({ at }) => (at - 100 * MINUTE_MS) / SECOND);
  };
  await pass(2 * MINUTE_MS + 30 * SECOND, service());
  expect(await looked()).toEqual([0, 60, 120]);
});

test('what ended is counted at the next round, once', async () => {
  const figures = service();
  await ended(clock.now);
  await pass(0, figures);
  expect(await counted()).toEqual([100]);
  await pass(5 * MINUTE_MS, figures);
  expect(await counted()).toEqual([100]);
});

test('an outage of any length is made good, however many minutes there are', async () => {
  const figures = service();
  await ended(clock.now);
  await pass(2 * MINUTE_MS, figures);
  for (let minute = 102; minute < 202; minute += 1) await ended(minute * MINUTE_MS);
  clock.now = 202 * MINUTE_MS;
  const next = service();
  await pass(3 * MINUTE_MS, next);
  expect(await counted()).toEqual([100, ...Array.from({ length: 100 }, (_, index) => 102 + index)]);
});

test('what waited for the database while it was away is counted in its own minute', async () => {
  const figures = service();
  await ended(clock.now);
  await pass(3 * MINUTE_MS, figures);
  const lost = clock.now + SECOND;
  away = true;
  await pass(20 * MINUTE_MS, figures);
  away = false;
  await figures.runOnce();
  // Its commit has waited all the time, and is written a little later than the first round comes.
  clock.now += 20 * SECOND;
  await ended(lost);
  await pass(3 * MINUTE_MS, figures);
  expect(await counted()).toEqual([100, Math.floor(lost / MINUTE_MS)]);
});

test('a process that has just begun settles nothing for a minute', async () => {
  await pass(MINUTE_MS + 5 * SECOND, service());
  expect(settles.indexOf(true)).toBe(12);
  expect(settles.slice(12)).not.toContain(false);
});
