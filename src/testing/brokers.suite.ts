/**
 * What every broker must do for triggers and publish nodes, tried against the real thing: an engine in memory listens
 * by the adapter, and what is sent to the broker must come out as executions. Topics, queues and streams are new for
 * each test.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { Fields } from '../core/connections/parts.ts';
import { hasEnded } from '../core/execution/index.ts';
import { createEngine } from '../engine/engine.ts';
import { Senders } from '../engine/senders.ts';
import { SILENT_MS } from '../engine/trigger-states.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { Broker } from '../ports/brokers.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import type { TriggerState } from '../ports/trigger-states.ts';
import { definition, newId, newName, newWorkflow } from './factories.ts';
import type { OwnBroker } from './own-broker.ts';

interface SentMessage {
  readonly value: string | null;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A broker that runs, as its tests see it. */
export interface Site {
  /** Config of a connection to it. */
  readonly config: Fields;
  /** The same with credentials that are wrong; undefined where it asks for none. */
  readonly wrong?: Fields;
  /** Makes a topic, queue or stream, and says its name. */
  make(): Promise<string>;
  /** Fields of a trigger that reads it from its beginning. */
  trigger(place: string): Fields;
  /** Config of a publish node that writes to it, without `connection`; absent: there is none. */
  publish?(place: string): Fields;
  /** Resolves when the broker has them, in this order. */
  send(place: string, messages: readonly SentMessage[]): Promise<void>;
  close(): Promise<void>;
}

export interface Candidate {
  readonly create: () => Broker;
  readonly site: () => Promise<Site>;
  /** One that the test may stop; absent: it is left out. */
  readonly own?: () => Promise<{ readonly broker: OwnBroker; readonly site: Site }>;
  /** One that takes messages of `bytes`, with a place for them; absent: 50 MB. */
  readonly large: () => Promise<LargePlace>;
  /** Messages of one key may be said to be in order. */
  readonly isOrdered: boolean;
}

interface LargePlace {
  readonly site: Site;
  readonly place: string;
  readonly bytes?: number;
  dispose(): Promise<void>;
}

const LONG_MS = 60_000;

export function brokerSuite({ create, site: open, own, large, isOrdered }: Candidate): void {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  let site: Site;
  beforeAll(async () => {
    site = await open();
  });
  afterAll(() => site?.close());

  /** A process with the broker; several of one `store` share the work. */
  async function process(store: Store, config: { readonly fields: Fields; updatedAt?: number }) {
    const broker = create();
    const runtime = systemRuntime('silent');
    const brokers = new Map([[broker.type, broker]]);
    const senders = new Senders(brokers, runtime);
    const id = newId();
    const engine = createEngine({
      ...{ store, runtime, brokers },
      secrets: { get: async () => undefined },
      connections: {
        open: async () => ({ id, updatedAt: config.updatedAt ?? 1, config: config.fields, secrets: {} }),
      },
      nodeTypes: createNodeTypes({ ...ABSENT, publishers: senders }),
      host: { name: newName(), pid: 1, isAlive: () => true },
      roles: ['worker', 'scheduler'],
      ...{ slots: 1_000, taskConcurrency: 10, commitBatch: 100, leaseMs: 20_000 },
    });
    await engine.start();
    let ended: Promise<void> | undefined;
    const stop = () => {
      ended ??= engine
        .stop(1_000)
        .then(() => senders.close())
        .then(() => broker.close());
      return ended;
    };
    stops.push(stop);
    return { engine, broker, stop };
  }

  async function world({
    config = { fields: site.config } as { fields: Fields; updatedAt?: number },
    place = '',
    more = {},
  } = {}) {
    const store = memoryStore(systemRuntime('silent'));
    const { engine, broker, stop } = await process(store, config);
    const { type } = broker;
    const topic = place === '' ? await site.make() : place;
    const trigger = { id: newId(), name: 'in', type, config: { connection: 'c', ...site.trigger(topic), ...more } };
    const nodes = [{ id: 'done', type: 'transform', config: { value: '{{ $trigger }}' } }];
    const document = { ...definition(newName()), nodes, edges: [], triggers: [{ id: 'in', type, ...trigger.config }] };
    const workflow = await store.workflows.create(
      newWorkflow({ definition: document, status: 'active', triggers: [trigger] }),
    );
    const rows = async () =>
      (await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId: workflow.id, limit: 100_000 })).reverse();
    /** `$trigger` of each, in the order in which they were created. */
    const triggers = async () => {
      const histories = await store.executions.histories((await rows()).map((row) => row.id));
      return [...histories.values()].map(([created]) => (created as { data: { trigger: Fields } }).data.trigger);
    };
    const state = async (): Promise<TriggerState | undefined> =>
      (await store.triggerStates.list(DEFAULT_PROJECT, SILENT_MS))[0];
    const letters = () => store.deadLetters.list({ projectId: DEFAULT_PROJECT, limit: 1_000 });
    const finished = async (count: number) => {
      await until(async () => (await rows()).filter(({ status }) => hasEnded(status)).length >= count);
      return await rows();
    };
    return { store, engine, place: topic, config, workflow, trigger, rows, triggers, state, letters, finished, stop };
  }

  const until = async (holds: () => Promise<boolean>) =>
    expect.poll(holds, { interval: 20, timeout: LONG_MS }).toBe(true);
  const isRunning = (state: TriggerState | undefined) => state?.status === 'running';

  test('each message is an execution, with what the broker knows of it', { timeout: LONG_MS }, async () => {
    const { place, finished, triggers, state } = await world();
    const headers = { source: 'shop' };
    await site.send(place, [{ value: '{"n":1}', headers }, { value: '{"n":2}' }, { value: '"ä"' }]);
    const rows = await finished(3);
    expect(rows.map(({ status, triggerId }) => [status, triggerId])).toEqual(Array(3).fill(['completed', 'in']));
    const all = await triggers();
    expect(all.map(({ data }) => data)).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }, 'ä']));
    expect(all.find(({ data }) => (data as Fields).n === 1)?.headers).toMatchObject(headers);
    await until(async () => (await state())?.messages === 3);
    expect(await state()).toMatchObject({ status: 'running', error: null });
  });

  test.runIf(isOrdered)('messages of one key start in their order', { timeout: LONG_MS }, async () => {
    const { place, finished, triggers } = await world({ more: { key: '{{ $trigger.data.user }}' } });
    const messages = Array.from({ length: 60 }, (_, n) => ({ user: `u${n % 3}`, n }));
    await site.send(
      place,
      messages.map((one) => ({ key: one.user, value: JSON.stringify(one) })),
    );
    const rows = await finished(60);
    const all = await triggers();
    // A session: the next begins when the one before has ended.
    const begun = rows
      .map(({ startedAt, finishedAt }, at) => ({
        ...(all[at]?.data as { user: string; n: number }),
        startedAt,
        finishedAt,
      }))
      .sort((a, b) => a.n - b.n);
    for (const user of ['u0', 'u1', 'u2']) {
      const own = begun.filter((one) => one.user === user);
      for (const [at, one] of own.slice(1).entries()) {
        expect(one.startedAt).toBeGreaterThanOrEqual(own[at]?.finishedAt as number);
      }
    }
  });

  test('a message that cannot be read is a dead letter, and the others go on', { timeout: LONG_MS }, async () => {
    const { place, finished, letters, rows } = await world();
    await site.send(place, [{ value: '1' }, { value: '{' }, { value: '{"__proto__":1}' }, { value: '4' }]);
    await finished(2);
    await until(async () => (await letters()).length === 2);
    expect((await letters()).map(({ error }) => error.code).sort()).toEqual(['invalid_json', 'unsafe_key']);
    expect(await rows()).toHaveLength(2);
  });

  test('a very large one is kept whole beside the small ones, and starts when a person says so', {
    timeout: 2 * LONG_MS,
  }, async () => {
    const { site: own, place, bytes = 50_000_000, dispose } = await large();
    stops.push(() => dispose());
    const { engine, store, finished, letters, triggers } = await world({ config: { fields: own.config }, place });
    const small = (from: number) => Array.from({ length: 20 }, (_, at) => ({ key: 'k', value: `${from + at}` }));
    const list = `[${'1234567,'.repeat(400_000)}0]`;
    const huge = JSON.stringify('x'.repeat(bytes));
    await own.send(place, [...small(0), { key: 'k', value: list }, ...small(20)]);
    await own.send(place, [{ key: 'k', value: huge }, ...small(40)]);
    await finished(60);
    await until(async () => (await letters()).length === 2);
    const all = (await triggers()).map(({ data }) => data as number).sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 60 }, (_, at) => at));
    const kept = await Promise.all((await letters()).map(({ id }) => store.deadLetters.get(DEFAULT_PROJECT, id)));
    const blobs = kept.map((letter) => letter?.originalEvent as { data: null; blob: { hash: string; size: number } });
    expect(blobs.map(({ blob }) => blob.size).sort((a, b) => a - b)).toEqual([list.length, huge.length]);
    for (const { blob } of blobs) {
      const file = await store.files.get(DEFAULT_PROJECT, blob.hash);
      expect(Buffer.from(file?.data ?? []).equals(Buffer.from(blob.size === huge.length ? huge : list))).toBe(true);
    }

    for (const letter of kept) await engine.requeue.one(DEFAULT_PROJECT, String(letter?.id));
    await finished(62);
    const [first, second] = (await triggers()).filter(({ data }) => typeof data !== 'number');
    const [whole, far] = first?.data === null ? [second, first] : [first, second];
    expect(whole?.data).toHaveLength(400_001);
    expect(far).toMatchObject({ data: null, blob: { size: huge.length } });
  });

  test('two processes share the messages, and start each once', { timeout: LONG_MS }, async () => {
    const { store, place, finished, config, stop, rows } = await world();
    await process(store, config);
    const send = (from: number, count: number) =>
      site.send(
        place,
        Array.from({ length: count }, (_, at) => ({ key: `${from + at}`, value: `${from + at}` })),
      );
    await send(0, 300);
    await finished(100);
    await send(300, 300);
    await stop();
    await send(600, 100);
    await finished(700);
    expect(await rows()).toHaveLength(700);
  });

  test('a new group with a place to begin at reads all again', { timeout: LONG_MS }, async ({ skip }) => {
    const place = await site.make();
    if (site.trigger(place).from === undefined) return skip();
    const { finished, workflow, trigger, store, rows } = await world({ place, more: { group: newName() } });
    await site.send(place, [{ value: '1' }, { value: '2' }]);
    await finished(2);
    const { id, projectId, definition: document } = workflow;
    const regroup = async (group: string) => {
      const triggers = [{ ...trigger, config: { ...trigger.config, group } }];
      await store.workflows.update({ id, projectId, definition: document, triggers, now: Date.now() });
    };
    await regroup(newName());
    await finished(4);
    await site.send(place, [{ value: '3' }]);
    await finished(5);
    expect(await rows()).toHaveLength(5);
  });

  test('wrong credentials are told, and the right ones taken when they come', { timeout: LONG_MS }, async ({
    skip,
  }) => {
    if (site.wrong === undefined) return skip();
    const config = { fields: site.wrong, updatedAt: 1 };
    const { place, state, finished } = await world({ config });
    await until(async () => (await state())?.status === 'error');
    expect((await state())?.error).toMatchObject({ code: 'broker_refused' });
    await site.send(place, [{ value: '1' }]);
    Object.assign(config, { fields: site.config, updatedAt: 2 });
    await finished(1);
    await until(async () => isRunning(await state()));
  });

  test('what is published comes in', { timeout: LONG_MS }, async ({ skip }) => {
    if (site.publish === undefined) return skip();
    const { store, place, finished, triggers } = await world();
    const { broker } = await process(store, { fields: site.config });
    const type = `${broker.type}.publish`;
    const config = { connection: 'c', ...site.publish(place), value: { n: '{{ $trigger.n }}' }, headers: { a: 'b' } };
    const document = { ...definition(newName()), nodes: [{ id: 'out', type, config }], edges: [], triggers: [] };
    const sender = await store.workflows.create(newWorkflow({ definition: document, status: 'active' }));
    const { engine } = await process(store, { fields: site.config });
    const about = { projectId: DEFAULT_PROJECT, workflowId: sender.id, version: 1, triggerId: 'manual' };
    await engine.starter.startMany([1, 2, 3].map((n) => ({ ...about, trigger: { n } })));
    await finished(3);
    const all = await triggers();
    expect(all.map(({ data }) => (data as { n: number }).n).sort()).toEqual([1, 2, 3]);
    expect(all[0]?.headers).toMatchObject({ a: 'b' });
  });

  describe.skipIf(own === undefined)('alone', () => {
    test('down at start is told, and heard when it comes; a kill loses nothing, and starts nothing twice', {
      timeout: 4 * LONG_MS,
    }, async () => {
      const alone = await own!();
      stops.push(async () => {
        await alone.site.close();
        await alone.broker.dispose();
      });
      const place = await alone.site.make();
      await alone.broker.stop();
      const { state, finished, triggers } = await world({ config: { fields: alone.site.config }, place });
      await until(async () => (await state())?.status === 'error');
      expect((await state())?.error).toMatchObject({ code: 'connection_failed' });
      await alone.broker.start();
      const send = (from: number) =>
        alone.site.send(
          place,
          Array.from({ length: 200 }, (_, at) => ({ key: `${at}`, value: `${from + at}` })),
        );
      await send(0);
      await finished(1);
      await alone.broker.kill();
      await alone.broker.start();
      await send(200);
      await finished(400);
      const all = (await triggers()).map(({ data }) => data as number).sort((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: 400 }, (_, at) => at));
    });
  });
}
