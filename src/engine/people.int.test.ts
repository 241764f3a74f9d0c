/** Waiting for people over real PostgreSQL: restarts, the race of an answer with its time-out, reminders, escalation. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { CloudEvent } from '../core/cloud-event.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { Runtime } from '../ports/runtime.ts';
import { type Commit, DEFAULT_PROJECT, type ExecutionRow, type Store } from '../ports/store.ts';
import type { Answered, WaitRow } from '../ports/waits.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { createEngine, type Engine } from './engine.ts';

const HOUR = 3_600_000;

let database: TestDatabase;
let store: Store;
let engine: Engine;
/** The clock of the engine is ahead of ours by so much. */
let ahead: number;
/** Called with what is about to be committed. */
let beforeCommit: (commits: readonly Commit[]) => Promise<void>;

const system = systemRuntime('silent');
const runtime: Runtime = { ...system, now: () => system.now() + ahead };

beforeEach(async () => {
  ahead = 0;
  beforeCommit = async () => undefined;
  database = await testDatabase();
  await open();
});

afterEach(async () => {
  await close();
  await database.drop();
});

/** Without timers and relay: a test fires what is due, and reads the log. */
async function open(): Promise<void> {
  const real = await openPostgresStore(database.url);
  const commit: Store['executions']['commit'] = async (commits) => {
    await beforeCommit(commits);
    return await real.executions.commit(commits);
  };
  store = { ...real, executions: { ...real.executions, commit } };
  engine = createEngine({
    ...{ store, runtime, secrets: { get: async () => undefined }, nodeTypes: createNodeTypes(ABSENT) },
    ...{ host: { name: newId(), pid: 1, isAlive: () => true }, roles: ['worker'] },
    ...{ slots: 1000, taskConcurrency: 1, commitBatch: 100, leaseMs: 20_000 },
  });
  await engine.start();
}

async function close(): Promise<void> {
  await engine.stop(0);
  await store.close();
}

/** Starts executions of one node each, and resolves with what they ask. */
async function asking(count: number, config: object): Promise<WaitRow[]> {
  const nodes = [{ id: 'ask', type: 'approval', config: { title: 'Go on?', ...config } }];
  const workflow = newWorkflow({ definition: definition(newName(), { nodes }), status: 'active' });
  await store.workflows.create(workflow);
  const start = { projectId: DEFAULT_PROJECT, workflowId: workflow.id, version: 1, triggerId: 'api', trigger: {} };
  await engine.starter.startMany(Array.from({ length: count }, () => start));
  const query = { projectId: DEFAULT_PROJECT, kind: 'approval', workflowId: workflow.id, limit: 1000 } as const;
  return await until(
    () => store.waits.list(query),
    (rows) => rows.length === count,
  );
}

async function until<T>(look: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (is(value)) return value;
    await new Promise(setImmediate);
  }
}

const fire = async () => {
  await store.executions.fireTimers(runtime.now(), 1000);
  engine.wake();
};
const execution = (wait: WaitRow) => store.executions.get(DEFAULT_PROJECT, wait.executionId) as Promise<ExecutionRow>;
const ended = (wait: WaitRow) =>
  until(
    () => execution(wait),
    (row) => row.finishedAt !== null,
  );
const answer = async (wait: WaitRow, given: object = { decision: 'approved', by: 'ada' }): Promise<Answered> => {
  const one = { projectId: DEFAULT_PROJECT, waitId: wait.id, answer: given, final: true };
  const [result] = await store.waits.answer([one], runtime.now());
  engine.wake();
  return result as Answered;
};
async function portOf(wait: WaitRow): Promise<string | null> {
  await ended(wait);
  const events = await store.executions.events(DEFAULT_PROJECT, wait.executionId, 0, 100);
  const done = events.filter((event) => event.type === 'node.completed');
  expect(done).toHaveLength(1);
  return done[0]?.type === 'node.completed' ? done[0].data.port : null;
}
const shown = async (wait: WaitRow) => (await store.waits.get(DEFAULT_PROJECT, wait.id)) as WaitRow;

test('a question outlives the process that asked it', async () => {
  const [wait] = (await asking(1, {})) as [WaitRow];
  await close();
  await open();
  expect(await execution(wait)).toMatchObject({ status: 'waiting' });
  expect(engine.worker?.size).toBe(0);
  expect(await answer(wait)).toBe('taken');
  expect(await portOf(wait)).toBe('approved');
});

test('an answer that comes before the commit of the time-out counts: that commit is stale', async () => {
  const [wait] = (await asking(1, { timeout: '1h' })) as [WaitRow];
  let answered: Answered | undefined;
  beforeCommit = async (commits) => {
    const expires = commits.some((commit) => commit.closes?.some((close) => close.expired));
    if (expires && answered === undefined) answered = await answer(wait);
  };
  ahead = 2 * HOUR;
  await fire();
  expect(await portOf(wait)).toBe('approved');
  expect(answered).toBe('taken');
  expect(await shown(wait)).toMatchObject({ closedBy: 'answer', answer: { by: 'ada' } });
});

test('of an answer and a time-out at the same moment one counts, and everybody agrees which', async () => {
  const waits = await asking(60, { timeout: '1h' });
  ahead = 2 * HOUR;
  const firing = fire();
  const answers = await Promise.all(waits.map((wait) => answer(wait)));
  await firing;
  for (const [index, wait] of waits.entries()) {
    const isAnswered = answers[index] === 'taken';
    expect(answers[index]).toBe(isAnswered ? 'taken' : 'closed');
    expect(await portOf(wait)).toBe(isAnswered ? 'approved' : 'expired');
    expect((await shown(wait)).closedBy).toBe(isAnswered ? 'answer' : 'time');
  }
});

test('reminds, escalates and expires by the clock, and tells of it', async () => {
  const config = { assignees: ['ada'], reminder: '10h', timeout: '1d', escalate: { to: ['boss'], timeout: '1d' } };
  const [wait] = (await asking(1, config)) as [WaitRow];
  ahead = 10 * HOUR + 1;
  await fire();
  await until(
    () => shown(wait),
    ({ details }) => (details as { reminders: number }).reminders === 1,
  );
  ahead = 24 * HOUR + 1;
  await fire();
  const escalated = await until(
    () => shown(wait),
    ({ details }) => (details as { assignees: string[] }).assignees[0] === 'boss',
  );
  expect(escalated.closedAt).toBeNull();
  ahead = 49 * HOUR;
  await fire();
  expect(await portOf(wait)).toBe('expired');
  expect(await shown(wait)).toMatchObject({ closedBy: 'time', answer: null });
  const events: CloudEvent[] = [];
  // A look that finds nothing yet, since something else is being written, does not count.
  while ((await store.messages.lag()) > 0) {
    await store.messages.relay(runtime.now(), 100, async (messages) => {
      events.push(...messages.map(({ event }) => event));
      return { done: messages.map(({ id }) => id), putOff: [] };
    });
  }
  const types = events.map(({ type }) => type.replace('approval.', ''));
  expect(types.filter((type) => type !== 'reminded')).toEqual(['requested', 'escalated', 'decided']);
  expect(types).toContain('reminded');
  expect(events[0]?.data).toMatchObject({
    approval: wait.id,
    assignees: ['ada'],
    links: { approve: expect.any(String) },
  });
  expect(events.at(-1)?.data).toMatchObject({ decision: { decision: 'expired', by: 'timeout' } });
});
