/** What fails for good, over two processes on one PostgreSQL: a target that is ill for a while, and a clock that is set. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEgress } from '../adapters/egress/egress.ts';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { Definition } from '../core/definition/schema.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { Letter } from '../ports/dead-letters.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import { DEFAULT_PROJECT, type ExecutionRow, type Store } from '../ports/store.ts';
import type { NewTrigger } from '../ports/workflows.ts';
import { newId, newName } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createEngine, type Engine } from './engine.ts';

const MINUTE = 60_000;

let database: TestDatabase;
let target: Server;
let url: string;
/** What the target answers, and the paths it was called at. */
const answer = { status: 500, calls: [] as string[] };
/** Both processes are so much ahead of the clock. */
let ahead = 0;
let processes: readonly [Process, Process];

interface Process {
  readonly store: Store;
  readonly engine: Engine;
  /** Looks for what is due, as the scheduler of the process does every second. */
  readonly rules: Service;
  stop(): Promise<void>;
}

beforeAll(async () => {
  database = await testDatabase();
  target = createServer((request, response) => {
    answer.calls.push(request.url ?? '');
    response.writeHead(request.url === '/first' ? 200 : answer.status).end();
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  processes = [await startProcess(), await startProcess()];
});

afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  target.close();
  await database.drop();
});

beforeEach(() => {
  Object.assign(answer, { status: 500, calls: [] });
});

async function startProcess(): Promise<Process> {
  const runtime: Runtime = { ...systemRuntime('silent'), now: () => Date.now() + ahead };
  const store = await openPostgresStore(database.url);
  const egress = createEgress({ allow: [], loopback: true });
  const engine = createEngine({
    store,
    runtime,
    secrets: { get: async () => undefined },
    nodeTypes: createNodeTypes({ ...ABSENT, egress }),
    host: { name: newName(), pid: 1, isAlive: () => true },
    roles: ['worker', 'scheduler'],
    ...{ slots: 100, taskConcurrency: 10, commitBatch: 100, leaseMs: 20_000 },
  });
  await engine.start();
  const rules = createDeadLetters({ store: store.deadLetters, runtime, requeued: () => engine.wake() });
  const stop = async () => {
    await engine.stop(1_000);
    await egress.close();
    await store.close();
  };
  return { store, engine, rules, stop };
}

const ONCE = { retry: { attempts: 1 } };

/** Two calls, of which the second meets the illness. */
const twoCalls = (method: string): Definition => ({
  name: newName(),
  nodes: [
    { id: 'first', type: 'http', config: { url: `${url}/first` } },
    { id: 'then', type: 'http', config: { url: `${url}/then`, method }, ...(method === 'GET' ? ONCE : {}) },
  ],
  edges: ['first -> then'],
});

async function save(definition: Definition): Promise<string> {
  const triggers: NewTrigger[] = (definition.triggers ?? []).map(({ id: name, type, ...config }) => {
    return { id: newId(), name, type, config };
  });
  const id = newId();
  const rest = { projectId: DEFAULT_PROJECT, status: 'active', triggers, now: Date.now() } as const;
  await processes[0].store.workflows.create({ id, definition, ...rest });
  return id;
}

async function start(workflowId: string, trigger: unknown = {}): Promise<string> {
  const start = { projectId: DEFAULT_PROJECT, workflowId, version: 1, triggerId: 'manual', trigger };
  return (await processes[0].engine.starter.start(start)).executionId;
}

/** Looks again at each commit of these processes. */
async function until<T>(id: string, look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const stops = processes.map(({ engine }) => engine.outcomes.watch(id, changed.resolve));
    const found = await look();
    if (found === undefined) await changed.promise;
    for (const stop of stops) stop();
    if (found !== undefined) return found;
  }
}

const is = (id: string, status: ExecutionRow['status']) =>
  until(id, async () => {
    const row = await processes[0].store.executions.get(DEFAULT_PROJECT, id);
    return row?.status === status ? row : undefined;
  });

/** The letter, when it is NEW with so many tries behind it. */
const fallen = (id: string, retries = 0): Promise<Letter> =>
  until(id, async () => {
    const letter = await processes[0].store.deadLetters.get(DEFAULT_PROJECT, id);
    return letter?.status === 'NEW' && letter.retries === retries ? letter : undefined;
  });

const letterOf = async (id: string) => (await processes[0].store.deadLetters.get(DEFAULT_PROJECT, id)) as Letter;

/** Sets the clock, and lets everybody look at once. */
async function pass(ms: number): Promise<void> {
  ahead += ms;
  await Promise.all([...processes, ...processes].map(({ rules }) => rules.runOnce()));
}

const thens = () => answer.calls.filter((path) => path === '/then').length;

test('a target that was ill is tried again by rule, once, and what was done is kept', async () => {
  const id = await start(await save(twoCalls('GET')));
  const letter = await fallen(id);
  expect(letter).toMatchObject({
    ...{ category: 'connectivity', path: 'then', attempts: 1, automatic: true, error: { code: 'http_server_error' } },
    fingerprint: expect.stringContaining('http_server_error then: GET'),
  });
  expect(letter.retryAt).toBe(letter.failedAt + 5 * MINUTE);
  await pass(4 * MINUTE);
  expect(await letterOf(id)).toMatchObject({ status: 'NEW' });
  answer.status = 200;
  await pass(2 * MINUTE);
  await is(id, 'completed');
  expect(await letterOf(id)).toMatchObject({ status: 'RETRIED', retries: 1, retryAt: null });
  expect(answer.calls).toEqual(['/first', '/then', '/then']);
});

test('a target that stays ill is tried three times, then it waits for a person', async () => {
  const id = await start(await save(twoCalls('GET')));
  for (const [retries, minutes] of [5, 10, 20].entries()) {
    const { retryAt, failedAt } = await fallen(id, retries);
    expect((retryAt ?? 0) - failedAt).toBe(minutes * MINUTE);
    await pass(minutes * MINUTE + 1_000);
  }
  expect(await fallen(id, 3)).toMatchObject({ retryAt: null, attempts: 4 });
  expect(thens()).toBe(4);
  answer.status = 200;
  await processes[1].engine.requeue.one(DEFAULT_PROJECT, id);
  await is(id, 'completed');
  expect(answer.calls.filter((path) => path === '/first')).toHaveLength(1);
});

test('an irreversible effect that may have happened waits for a person', async () => {
  const id = await start(await save(twoCalls('POST')));
  expect(await fallen(id)).toMatchObject({ category: 'connectivity', automatic: false, retryAt: null });
  await pass(24 * 60 * MINUTE);
  expect(thens()).toBe(1);
  answer.status = 200;
  const tries = processes.flatMap(({ engine }) => [1, 2].map(() => engine.requeue.one(DEFAULT_PROJECT, id)));
  const outcomes = await Promise.allSettled(tries);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const one of outcomes) {
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'dead_letter_resolved', status: 409 });
  }
  await is(id, 'completed');
  expect(thens()).toBe(2);
});

test('with another payload one execution takes its place, however many ask', async () => {
  const condition = '{{ $trigger.ok == true }}';
  const id = await start(
    await save({
      name: newName(),
      nodes: [
        { id: 'check', type: 'if', config: { condition } },
        { id: 'stop', type: 'fail', config: { message: 'no' } },
        { id: 'done', type: 'transform' },
      ],
      edges: ['check:false -> stop', 'check:true -> done'],
    }),
    { ok: false },
  );
  await fallen(id);
  const tries = processes.flatMap(({ engine }) =>
    [1, 2, 3].map(() => engine.requeue.one(DEFAULT_PROJECT, id, { ok: true })),
  );
  const won = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled');
  expect(won).toHaveLength(1);
  const { retriedAs, status } = await letterOf(id);
  expect(status).toBe('RETRIED');
  const { workflowId } = await is(retriedAs ?? '', 'completed');
  expect(await processes[0].store.executions.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 10 })).toHaveLength(
    2,
  );
  await is(id, 'failed');
});

test('a workflow hears of letters; one that fails of it makes no more of them', async () => {
  const hears = await save({
    name: newName(),
    triggers: [{ id: 'failed', type: 'event', event: 'dead_letter.created' }],
    nodes: [
      // Its message wakes the test.
      { id: 'say', type: 'emit', config: { type: 'told' } },
      { id: 'stop', type: 'fail', config: { message: 'cannot tell' } },
    ],
    edges: ['say -> stop'],
  });
  const heard = () =>
    processes[0].store.executions.list({
      projectId: DEFAULT_PROJECT,
      workflowId: hears,
      statuses: ['failed'],
      limit: 10,
    });
  let look = (): void => undefined;
  await processes[0].store.listen(() => look());
  /** Those who heard, oldest first, once they are so many. */
  const hearing = (count: number) =>
    new Promise<ExecutionRow[]>((resolve) => {
      look = () => void heard().then((rows) => rows.length >= count && resolve(rows.toReversed()));
      look();
    });
  const failing = await save(twoCalls('POST'));
  const first = await start(failing);
  const { fingerprint } = await fallen(first);
  await hearing(1);
  // Messages leave in order: what the first one who heard had to tell would have been told before this.
  const second = await start(failing);
  const rows = await hearing(2);
  expect(rows).toHaveLength(2);
  const letters = await Promise.all(rows.map(({ id }) => fallen(id)));
  for (const [index, id] of [first, second].entries()) {
    const data = { letterId: id, executionId: id, category: 'connectivity', fingerprint };
    expect(letters[index]?.originalEvent).toMatchObject({ type: 'dead_letter.created', data });
  }
});
