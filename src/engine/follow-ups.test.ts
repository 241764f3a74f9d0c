/** Executions that start with the end of another: over the whole engine and the memory store. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Definition } from '../core/definition/schema.ts';
import { DEFAULT_PROJECT, type ExecutionRow } from '../ports/store.ts';
import type { NewTrigger, WorkflowStatus } from '../ports/workflows.ts';
import { execution, serverParts } from '../testing/api.ts';
import { NOW, newId, newName, newWorkflow } from '../testing/factories.ts';

const parts = serverParts();
const { store, engine } = parts;

beforeAll(() => engine.start());
afterAll(() => engine.stop(0));

const PASS = [{ id: 'pass', type: 'transform' }];
const FAIL = [{ id: 'broken', type: 'fail', config: { message: 'it broke', code: 'broken' } }];

interface Saved {
  readonly id: string;
  readonly name: string;
}

async function save(document: Partial<Definition>, status: WorkflowStatus = 'active'): Promise<Saved> {
  const definition = { name: newName(), nodes: PASS, ...document };
  const triggers: NewTrigger[] = (definition.triggers ?? []).map(({ id, type, ...config }) => {
    return { id: newId(), name: id, type, config };
  });
  const workflow = newWorkflow({ definition, status, triggers });
  await store.workflows.create(workflow);
  await engine.followUps.refresh();
  return { id: workflow.id, name: definition.name };
}

/** A workflow that hears of the ends of another. */
const listener = (workflow: string, more: object = {}, document: Partial<Definition> = {}) =>
  save({ triggers: [{ id: 'after', type: 'workflow', workflow, ...more }], ...document });

async function run({ id }: Saved, trigger: unknown = {}): Promise<ExecutionRow> {
  const start = { projectId: DEFAULT_PROJECT, workflowId: id, version: 1, triggerId: 'manual', trigger };
  return await execution(parts, (await engine.starter.start(start)).executionId);
}

const executionsOf = ({ id }: Saved) =>
  store.executions.list({ projectId: DEFAULT_PROJECT, workflowId: id, limit: 100 });

async function triggerOf({ id }: ExecutionRow): Promise<unknown> {
  const [created] = await store.executions.events(DEFAULT_PROJECT, id, 0, 1);
  return created?.type === 'execution.created' ? created.data.trigger : undefined;
}

test('a failure starts the error workflow in the same commit, and tells it what happened', async () => {
  const handler = await save({});
  const broken = await save({ nodes: FAIL, settings: { errorWorkflow: handler.name } });
  const failed = await run(broken, { order: 7 });
  const [started] = (await executionsOf(handler)) as [ExecutionRow];
  expect(started).toMatchObject({ triggerId: 'error', parentId: null });
  expect(await triggerOf(started)).toEqual({
    execution: {
      id: failed.id,
      workflow: broken.name,
      version: 1,
      status: 'failed',
      url: `/api/executions/${failed.id}`,
    },
    error: failed.error,
    node: 'broken',
    trigger: { order: 7 },
  });
  expect(await execution(parts, started.id)).toMatchObject({ status: 'completed' });
});

test('it is started for nothing but a failure', async () => {
  const handler = await save({});
  const sound = await save({ settings: { errorWorkflow: handler.name } });
  await run(sound);
  expect(await executionsOf(handler)).toEqual([]);
});

test('an error workflow that fails starts no other', async () => {
  const last = await save({});
  const handler = await save({ nodes: FAIL, settings: { errorWorkflow: last.name } });
  await run(await save({ nodes: FAIL, settings: { errorWorkflow: handler.name } }));
  const [started] = (await executionsOf(handler)) as [ExecutionRow];
  expect(await execution(parts, started.id)).toMatchObject({ status: 'failed' });
  expect(await executionsOf(last)).toEqual([]);
  // Started by hand it is a workflow like any other.
  await run(handler);
  expect(await executionsOf(last)).toHaveLength(1);
});

test.each([
  ['is not there', async () => ({ name: 'nobody-has-this-name' })],
  ['is a draft', () => save({}, 'draft')],
  ['does not compile', () => save({ nodes: [{ id: 'a', type: 'gone' }] })],
])('an error workflow that %s hinders nothing', async (_, make) => {
  const { name } = await make();
  const failed = await run(await save({ nodes: FAIL, settings: { errorWorkflow: name } }));
  expect(failed).toMatchObject({ status: 'failed', error: { message: 'it broke' } });
});

test('a completion starts who hears of it, with the output', async () => {
  const source = await save({});
  const [one, two] = [await listener(source.name), await listener(source.id)];
  const done = await run(source, { n: 1 });
  for (const heard of [one, two]) {
    const [started] = (await executionsOf(heard)) as [ExecutionRow];
    expect(started).toMatchObject({ triggerId: 'after', parentId: null });
    expect(await triggerOf(started)).toEqual({
      execution: { id: done.id, workflow: source.name, version: 1, status: 'completed', url: expect.any(String) },
      status: 'completed',
      output: { n: 1 },
      error: null,
    });
  }
});

test('only the ends that a trigger names are heard', async () => {
  const source = await save({ nodes: FAIL });
  const [unheard, heard] = [await listener(source.name), await listener(source.name, { on: ['canceled', 'failed'] })];
  const failed = await run(source);
  expect(await executionsOf(unheard)).toEqual([]);
  const [started] = (await executionsOf(heard)) as [ExecutionRow];
  expect(await triggerOf(started)).toMatchObject({ status: 'failed', output: null, error: failed.error });
});

test('a cancel is heard too', async () => {
  const source = await save({ nodes: [{ id: 'nap', type: 'delay', config: { for: '1h' } }] });
  const heard = await listener(source.name, { on: ['canceled'] });
  const start = { projectId: DEFAULT_PROJECT, workflowId: source.id, version: 1, triggerId: 'manual', trigger: {} };
  const { executionId } = await engine.starter.start(start);
  await execution(parts, executionId, ({ status }) => status === 'waiting');
  const cancel = { type: 'cancel', reason: 'a test' } as const;
  await store.executions.post({ executionId, projectId: DEFAULT_PROJECT, signal: cancel });
  await execution(parts, executionId);
  const [started] = (await executionsOf(heard)) as [ExecutionRow];
  expect(await triggerOf(started)).toMatchObject({ status: 'canceled', error: null });
});

test('a paused workflow hears nothing, and one in another project neither', async () => {
  const source = await save({});
  const paused = await listener(source.name);
  await store.workflows.setStatus(DEFAULT_PROJECT, paused.id, 'paused', NOW);
  const foreign = newWorkflow({
    projectId: newId(),
    definition: { name: newName(), nodes: PASS },
    status: 'active',
    triggers: [{ id: newId(), name: 'after', type: 'workflow', config: { workflow: source.name } }],
  });
  await store.workflows.create(foreign);
  await engine.followUps.refresh();
  await run(source);
  expect(await executionsOf(paused)).toEqual([]);
  expect(await store.executions.list({ projectId: foreign.projectId, limit: 1 })).toEqual([]);
});

test('a circle of completions ends at its 50th link', async () => {
  const [there, back] = [newName(), newName()];
  const one = await listener(back, {}, { name: there });
  const two = await listener(there, {}, { name: back });
  await run(one);
  const all = async () => [...(await executionsOf(one)), ...(await executionsOf(two))];
  while ((await all()).some(({ status }) => status !== 'completed')) {
    for (const { id } of await all()) await execution(parts, id);
  }
  expect(await all()).toHaveLength(51);
});

/** A child that is done, an undoing of it, a failure. */
const undone = (child: string): Partial<Definition> => ({
  nodes: [
    { id: 'book', type: 'workflow', config: { workflow: child }, compensate: 'unbook' },
    { id: 'unbook', type: 'transform' },
    ...FAIL,
  ],
  edges: ['book -> broken'],
});

test('a failure that was undone starts the error workflow too, and is heard as compensated', async () => {
  const handler = await save({});
  const child = await save({});
  const source = await save({ ...undone(child.name), settings: { errorWorkflow: handler.name } });
  const heard = await listener(source.name, { on: ['compensated'] });
  expect(await run(source)).toMatchObject({ status: 'compensated' });
  const [handling] = (await executionsOf(handler)) as [ExecutionRow];
  expect(await triggerOf(handling)).toMatchObject({ execution: { status: 'compensated' }, node: 'broken' });
  const [started] = (await executionsOf(heard)) as [ExecutionRow];
  expect(await triggerOf(started)).toMatchObject({ status: 'compensated', output: null });
});
