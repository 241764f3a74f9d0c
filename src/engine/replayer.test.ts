/** Replays carried out step by step, without a worker: what is started stays as it was started. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { schemaAddress } from '../core/event-schema/event-schema.ts';
import type { NewReplay, Replay } from '../ports/replays.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { type ServerParts, serverParts } from '../testing/api.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { EventSchemas } from './event-schemas.ts';
import { Replayer } from './replayer.ts';
import type { Start } from './starter.ts';

let parts: ServerParts;
let replayer: Replayer;
/** What the next batch throws after its executions were written: the process dies in between. */
let dies: Error | undefined;
let told: string[];

beforeEach(() => {
  parts = serverParts({ roles: [] });
  const { store, engine, runtime } = parts;
  dies = undefined;
  told = [];
  const starter = {
    queueEach: async (starts: readonly Start[]) => {
      const started = await engine.starter.queueEach(starts);
      if (dies !== undefined) throw dies;
      return started;
    },
  };
  const changed = (_: string, topics: readonly string[]) => told.push(...topics);
  replayer = new Replayer({ store, starter, runtime, changed });
});
afterEach(() => parts.engine.stop(0));

async function send(count: number, over: Record<string, unknown> = {}): Promise<void> {
  const messages = Array.from({ length: count }, (_, n) => ({
    projectId: DEFAULT_PROJECT,
    event: { specversion: '1.0' as const, id: newId(), source: '/test', type: 'order.placed', data: { n }, ...over },
  }));
  await parts.store.messages.add(messages);
}

async function begin(over: Partial<NewReplay> = {}, settings: object = {}): Promise<Replay> {
  const { store, runtime } = parts;
  const workflow = await store.workflows.create(
    newWorkflow({ definition: { ...definition(newName()), ...settings }, status: 'active' }),
  );
  return (await store.replays.add({
    ...{ id: newId(), projectId: DEFAULT_PROJECT, filter: {}, trigger: null, suppressed: false },
    ...{ workflowId: workflow.id, workflowName: workflow.name, version: 1, status: 'running', position: 0 },
    ...{ total: 0, started: 0, skipped: 0, refused: 0, error: null },
    ...{ createdAt: runtime.now(), movedAt: runtime.now(), finishedAt: null },
    ...over,
  })) as Replay;
}

const now = async ({ id }: Replay) => (await parts.store.replays.get(DEFAULT_PROJECT, id)) as Replay;

/** Of each execution, the oldest first. */
async function created({ workflowId }: Replay) {
  const { executions } = parts.store;
  const rows = await executions.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 500 });
  const histories = await executions.histories(rows.map(({ id }) => id));
  const events = rows.reverse().map(({ id }) => histories.get(id)?.[0]);
  return events.map((event) => (event as { data: { trigger: Record<string, unknown>; test?: unknown } }).data);
}

test('messages start executions in the order of the log, up to its end at the beginning', async () => {
  await send(3);
  const replay = await begin();
  await send(1);
  await replayer.runOnce();
  const data = await created(replay);
  expect(data.map(({ trigger }) => trigger.data)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  expect(data[0]).toMatchObject({ triggerId: 'replay', trigger: { type: 'order.placed', replayid: replay.id } });
  expect(data[0]?.test).toBeUndefined();
  expect(await now(replay)).toMatchObject({ status: 'completed', started: 3, skipped: 0, refused: 0 });
  expect(told).toEqual(['replays']);
  await replayer.runOnce();
  expect(await created(replay)).toHaveLength(3);
});

test('of a trigger, its type, topic and filter count, and its name stands in the execution', async () => {
  await send(4);
  await send(1, { type: 'order.lost' });
  await send(1, { topic: 'other' });
  const config = { event: 'order.placed', filter: '{{ $trigger.data.n > 1 && $trigger.topic == null }}' };
  const replay = await begin({ trigger: { name: 'placed', config }, suppressed: true });
  await replayer.runOnce();
  expect(await created(replay)).toMatchObject([
    { triggerId: 'placed', trigger: { data: { n: 2 } }, test: { pins: {}, suppressed: true } },
    { trigger: { data: { n: 3 } } },
  ]);
  expect(await now(replay)).toMatchObject({ status: 'completed', started: 2, skipped: 4 });
});

test('a process that dies after a batch leaves it to the next, which starts nothing again', async () => {
  await send(250);
  const replay = await begin();
  dies = new MyelinError('store_unavailable');
  await expect(replayer.runOnce()).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(await now(replay)).toMatchObject({ status: 'running', position: 0, started: 0 });
  expect(await created(replay)).toHaveLength(200);
  dies = undefined;
  await replayer.runOnce();
  expect(await now(replay)).toMatchObject({ status: 'running', started: 200 });
  await replayer.runOnce();
  expect(await now(replay)).toMatchObject({ status: 'completed', started: 250 });
  const numbers = (await created(replay)).map(({ trigger }) => (trigger.data as { n: number }).n);
  expect(numbers).toEqual(Array.from({ length: 250 }, (_, n) => n));
});

test('nothing is made while so many wait for a worker, and it goes on when there is room', async () => {
  await send(700);
  const replay = await begin();
  for (let rounds = 0; rounds < 5; rounds += 1) await replayer.runOnce();
  expect(await now(replay)).toMatchObject({ status: 'running', started: 400 });
  expect(told).toEqual(['replays', 'replays']);
  const id = newId();
  await parts.store.workers.register({ id, host: 'test', pid: 1, roles: ['worker'] });
  expect(await parts.store.executions.claim(id, 350)).toHaveLength(350);
  await replayer.runOnce();
  await replayer.runOnce();
  expect(await now(replay)).toMatchObject({ status: 'completed', started: 700 });
});

test('live work that comes later goes first', async () => {
  await send(3);
  const replay = await begin();
  await replayer.runOnce();
  const { engine, store } = parts;
  const { projectId, workflowId, version } = replay;
  const [live] = await engine.starter.startMany([{ projectId, workflowId, version, triggerId: 'hook', trigger: {} }]);
  const id = newId();
  await store.workers.register({ id, host: 'test', pid: 1, roles: ['worker'] });
  expect(await store.executions.claim(id, 1)).toMatchObject([{ id: live?.executionId }]);
});

test('what cannot be started is counted, said, and hinders no other', async () => {
  await send(1, { causationdepth: 50 });
  await send(1, { data: { digits: 1000 } });
  await send(2, { data: { digits: 1 }, causationdepth: 49 });
  const filter = '{{ (5).toFixed($trigger.data.digits ?? 0) != "" }}';
  const replay = await begin({ trigger: { name: 'all', config: { event: '*', filter } } });
  await replayer.runOnce();
  expect(await now(replay)).toMatchObject({ status: 'completed', started: 2, skipped: 0, refused: 2 });
  expect((await now(replay)).error).toMatchObject({ code: 'expression_failed' });
});

test('a workflow that was paused ends its replay, which says so', async () => {
  await send(2);
  const replay = await begin();
  await parts.store.workflows.setStatus(DEFAULT_PROJECT, replay.workflowId, 'paused', parts.runtime.now());
  await replayer.runOnce();
  expect(await now(replay)).toMatchObject({
    ...{ status: 'failed', started: 0, position: 0 },
    error: { code: 'workflow_not_active', message: `The workflow ${replay.workflowName} is not active any more.` },
  });
  expect(await created(replay)).toEqual([]);
});

test('an empty log completes at once', async () => {
  const replay = await begin();
  await replayer.runOnce();
  expect(await now(replay)).toMatchObject({ status: 'completed', started: 0, position: 0 });
});

test('a message of an older schema is read as one of the newest', async () => {
  const { store, runtime, engine } = parts;
  const type = `order.${newName()}`;
  const about = { projectId: DEFAULT_PROJECT, type, policy: 'reject', createdAt: 1 } as const;
  await store.eventSchemas.add({ ...about, version: 1, schema: { type: 'object' }, upcast: null });
  await store.eventSchemas.add({
    ...about,
    version: 2,
    schema: { type: 'object' },
    upcast: { cents: '{{ $data.total * 100 }}' },
  });
  const schemas = new EventSchemas({ store: store.eventSchemas, runtime });
  const reading = new Replayer({ store, starter: engine.starter, runtime, schemas });
  await send(1, { type, dataschema: schemaAddress(type, 1), data: { total: 4 } });
  await send(1, { type, dataschema: schemaAddress(type, 2), data: { total: 7 } });
  const replay = await begin({ filter: { type } });
  await reading.runOnce();
  expect((await created(replay)).map(({ trigger }) => trigger.data)).toEqual([{ cents: 400 }, { total: 7 }]);
  expect(await now(replay)).toMatchObject({ started: 2, refused: 0 });
});
