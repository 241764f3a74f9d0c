import { beforeEach, describe, expect, test } from 'vitest';
import { type Database, memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { type ErrorCode, MyelinError } from '../core/errors.ts';
import type { Runtime } from '../ports/runtime.ts';
import { newId } from '../testing/factories.ts';
import { Dependencies, type DependencySettings, type Place } from './dependencies.ts';

const NAME = { projectId: newId(), name: 'api.example.com:443' };
const POLICY = { threshold: 3, windowMs: 30_000, resetMs: 10_000 };
const never = new AbortController().signal;

let now: number;
let database: Database;
/** Names of the operations of the store that were asked for. */
let asked: string[];

beforeEach(() => {
  now = 1_000_000;
  database = memoryDatabase();
  asked = [];
});

const silent = () => undefined;
const runtime = {
  now: () => now,
  id: newId,
  random: () => 0.5,
  log: { debug: silent, info: silent, warn: silent, error: silent },
} as unknown as Runtime;

/** What one process has of dependencies; all of a test share a database. */
function process(over: Partial<DependencySettings> = {}) {
  const { breakers } = memoryStore(runtime, database);
  const store = new Proxy(breakers, {
    get(target, name: keyof typeof breakers) {
      asked.push(name);
      return target[name];
    },
  });
  const dependencies = new Dependencies({
    store,
    runtime,
    inFlight: 10,
    latencyMs: undefined,
    circuit: POLICY,
    ...over,
  });
  return {
    dependencies,
    /** One call that ends as told: by the error, or well. */
    async call(error?: MyelinError, signal = never): Promise<unknown> {
      const place = await dependencies.enter(NAME, signal);
      try {
        return await place.call(signal, () => (error === undefined ? Promise.resolve('ok') : Promise.reject(error)));
      } finally {
        place.leave();
      }
    },
    state: () => [...dependencies.all()][0]?.state,
  };
}

const ill = new MyelinError('connection_failed');
type Process = ReturnType<typeof process>;

async function failTimes(one: Process, times: number, error = ill): Promise<void> {
  for (let i = 0; i < times; i++) await expect(one.call(error)).rejects.toThrow(error);
}

const refused = (one: Process) => expect(one.call()).rejects.toMatchObject({ code: 'circuit_open' });

describe('a healthy dependency', () => {
  test('costs one look at the store, however often it is called', async () => {
    const one = process();
    for (let i = 0; i < 100; i++) expect(await one.call()).toBe('ok');
    await failTimes(one, 3, new MyelinError('http_client_error'));
    expect(asked).toEqual(['look']);
    await one.dependencies.runOnce();
    expect(asked).toEqual(['look', 'look']);
  });

  test('is forgotten when nobody uses it, and not before', async () => {
    const one = process();
    await one.call();
    now += 59_000;
    await one.dependencies.runOnce();
    expect([...one.dependencies.all()]).toHaveLength(1);
    now += 2_000;
    await one.dependencies.runOnce();
    expect([...one.dependencies.all()]).toEqual([]);
    asked = [];
    now += 2_000;
    await one.dependencies.runOnce();
    expect(asked).toEqual([]);
  });

  test('is let through where the store cannot be asked', async () => {
    const look = () => Promise.reject(new MyelinError('store_unavailable'));
    const store = { ...memoryStore(runtime, database).breakers, look };
    const settings = { inFlight: 1, latencyMs: undefined, circuit: POLICY };
    const place = await new Dependencies({ store, runtime, ...settings }).enter(NAME, never);
    expect(await place.call(never, async () => 'ok')).toBe('ok');
  });
});

describe('a dependency that fails', () => {
  test('is turned away from once the failures of all processes pass the threshold', async () => {
    const [one, two, third] = [process(), process(), process()];
    await failTimes(one, 2);
    await failTimes(two, 1);
    await one.dependencies.runOnce();
    expect(one.state()).toBe('closed');
    await two.dependencies.runOnce();
    await refused(two);
    expect(await one.call()).toBe('ok');
    now += 1_000;
    await one.dependencies.runOnce();
    await refused(one);
    await refused(third);
  });

  test('says when it is worth another try', async () => {
    const one = process();
    await failTimes(one, 3);
    await one.dependencies.runOnce();
    now += 4_000;
    await expect(one.call()).rejects.toMatchObject({ data: { name: NAME.name, retryAfterMs: 6_000 } });
  });

  test('is told at most four times a second', async () => {
    const one = process();
    await failTimes(one, 1);
    await one.dependencies.runOnce();
    await failTimes(one, 5);
    now += 249;
    await one.dependencies.runOnce();
    expect(asked.filter((name) => name === 'tell')).toHaveLength(1);
    now += 1;
    await one.dependencies.runOnce();
    expect(asked.filter((name) => name === 'tell')).toHaveLength(2);
  });

  test('goes on where half of the calls do not fail, seen from the first failure on', async () => {
    const one = process();
    for (let i = 0; i < 50; i++) await one.call();
    await failTimes(one, 2);
    for (let i = 0; i < 4; i++) await one.call();
    await failTimes(one, 1);
    await one.dependencies.runOnce();
    expect(one.state()).toBe('closed');
  });

  test.each<ErrorCode>(['interrupted', 'egress_denied', 'http_client_error', 'output_invalid'])(
    'is not one that ends with %s',
    async (code) => {
      const one = process();
      await failTimes(one, 5, new MyelinError(code));
      await one.dependencies.runOnce();
      expect(one.state()).toBe('closed');
    },
  );

  test('is not one whose call was aborted', async () => {
    const one = process();
    const abort = new AbortController();
    const place = await one.dependencies.enter(NAME, abort.signal);
    abort.abort();
    await expect(place.call(abort.signal, () => Promise.reject(ill))).rejects.toThrow(ill);
    expect([...one.dependencies.all()][0]?.hasNews).toBe(false);
  });

  test('that asks for a pause gets it at once, in all processes', async () => {
    const [one, two] = [process(), process()];
    await two.call();
    await failTimes(one, 1, new MyelinError('http_rate_limited', '', { retryAfterMs: 60_000 }));
    await expect(one.call()).rejects.toMatchObject({ data: { retryAfterMs: 60_000 } });
    await one.dependencies.runOnce();
    now += 1_000;
    await two.dependencies.runOnce();
    await expect(two.call()).rejects.toMatchObject({ data: { retryAfterMs: 59_000 } });
  });

  test('is called all the same where circuits are switched off', async () => {
    const one = process({ circuit: undefined });
    await failTimes(one, 20);
    await one.dependencies.runOnce();
    expect(asked).toEqual([]);
    expect(await one.call()).toBe('ok');
  });
});

describe('a circuit whose time is over', () => {
  /** Open, and its time is over. */
  async function ready(): Promise<[Process, Process]> {
    const [one, two] = [process(), process()];
    await two.call();
    await failTimes(one, 3);
    await one.dependencies.runOnce();
    now += POLICY.resetMs;
    await two.dependencies.runOnce();
    return [one, two];
  }

  test('lets one probe through, and closes when it goes well', async () => {
    const [one, two] = await ready();
    const answer = Promise.withResolvers<string>();
    const place = await one.dependencies.enter(NAME, never);
    const probe = place.call(never, () => answer.promise);
    await refused(one);
    await refused(two);
    answer.resolve('well again');
    expect(await probe).toBe('well again');
    expect(one.state()).toBe('closed');
    expect(await one.call()).toBe('ok');
    now += 1_000;
    await two.dependencies.runOnce();
    expect(await two.call()).toBe('ok');
  });

  test('opens again when the probe fails', async () => {
    const [one] = await ready();
    await failTimes(one, 1);
    await expect(one.call()).rejects.toMatchObject({ data: { retryAfterMs: POLICY.resetMs } });
  });

  test('lets the next one probe when nobody heard how the first went', async () => {
    const [one, two] = await ready();
    await failTimes(one, 1, new MyelinError('interrupted'));
    now += 1_000;
    await two.dependencies.runOnce();
    expect(await two.call()).toBe('ok');
    expect(two.state()).toBe('closed');
  });

  test('is passed at once where somebody has closed it', async () => {
    const [one, two] = await ready();
    await two.call();
    expect(await one.call()).toBe('ok');
  });
});

describe('calls at the same time', () => {
  /** Enters `times` times; says how many are in. */
  async function crowd(one: Process, times: number) {
    const entered: Place[] = [];
    const all = Array.from({ length: times }, () => one.dependencies.enter(NAME, never).then((p) => entered.push(p)));
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    return { entered, all };
  }

  test('are limited; the others wait their turn', async () => {
    const one = process({ inFlight: 2 });
    const { entered, all } = await crowd(one, 3);
    expect(entered).toHaveLength(2);
    entered[0]!.leave();
    await Promise.all(all);
    expect(entered).toHaveLength(3);
  });

  test('that wait are turned away when the circuit opens', async () => {
    const one = process({ inFlight: 2 });
    const { entered } = await crowd(one, 2);
    const waiting = expect(one.dependencies.enter(NAME, never)).rejects.toMatchObject({ code: 'circuit_open' });
    for (let i = 0; i < 3; i++) {
      await expect(entered[0]!.call(never, () => Promise.reject(ill))).rejects.toThrow(ill);
    }
    await one.dependencies.runOnce();
    await waiting;
  });

  test('become fewer when they take too long', async () => {
    const one = process({ inFlight: 10, latencyMs: 100 });
    for (let i = 0; i < 100; i++) {
      const place = await one.dependencies.enter(NAME, never);
      await place.call(never, async () => {
        now += 200;
      });
      place.leave();
    }
    expect([...one.dependencies.all()][0]?.gate.limit).toBe(9);
  });
});

describe('limits of one dependency', () => {
  test('its own concurrency counts instead of the one of all', async () => {
    const limitsOf = (name: string) => (name === NAME.name ? { concurrency: 1, perMinute: null } : undefined);
    const one = process({ limitsOf });
    await one.dependencies.enter(NAME, never);
    await one.dependencies.enter({ ...NAME, name: 'other:443' }, never);
    expect([...one.dependencies.all()].map(({ gate }) => gate.limit)).toEqual([1, 10]);
  });

  /** Two calls a minute, over a clock that moves only as the test says. */
  function paced() {
    const sleeping: { readonly ms: number; readonly wake: () => void }[] = [];
    const sleep = (ms: number, signal?: AbortSignal) =>
      new Promise<void>((wake) => {
        sleeping.push({ ms, wake });
        signal?.addEventListener('abort', () => wake());
      });
    const { breakers } = memoryStore(runtime, database);
    const settings = { inFlight: 10, latencyMs: undefined, circuit: POLICY };
    const limitsOf = () => ({ concurrency: null, perMinute: 2 });
    const dependencies = new Dependencies({ store: breakers, runtime: { ...runtime, sleep }, ...settings, limitsOf });
    return { dependencies, sleeping };
  }

  test('calls over those of a minute wait for theirs, in their order', async () => {
    const { dependencies, sleeping } = paced();
    for (const _ of [1, 2]) (await dependencies.enter(NAME, never)).leave();
    const entered: string[] = [];
    const third = dependencies.enter(NAME, never).then(() => entered.push('third'));
    const fourth = dependencies.enter(NAME, never).then(() => entered.push('fourth'));
    await new Promise((resolve) => setImmediate(resolve));
    expect([entered, sleeping.map(({ ms }) => ms)]).toEqual([[], [30_000, 60_000]]);
    now += 30_000;
    sleeping[0]!.wake();
    await third;
    expect(entered).toEqual(['third']);
    sleeping[1]!.wake();
    await fourth;
  });

  test('who is called off while waiting takes no place and no turn', async () => {
    const { dependencies, sleeping } = paced();
    for (const _ of [1, 2]) (await dependencies.enter(NAME, never)).leave();
    const abort = new AbortController();
    const off = dependencies.enter(NAME, abort.signal);
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort('called off');
    await expect(off).rejects.toBe('called off');
    void dependencies.enter(NAME, never);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sleeping.map(({ ms }) => ms)).toEqual([30_000, 30_000]);
    expect([...dependencies.all()][0]?.gate.inside).toBe(1);
  });
});
