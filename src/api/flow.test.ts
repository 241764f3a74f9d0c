import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, execution, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;
const call = (id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
  await parts.engine.start();
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(0);
});

const NAP = { id: 'nap', type: 'delay', config: { for: '1h' } };
const is = (status: string) => (row: { status: string }) => row.status === status;

async function saved(settings: object, nodes: object[] = [NAP]): Promise<string> {
  const name = newName();
  const { status, text } = await call('createWorkflow', { body: { name, settings, nodes } });
  expect(status, text).toBe(201);
  return name;
}

const start = async (name: string, input: unknown): Promise<string> =>
  (await call('executeWorkflow', { params: { id: name }, body: { input } })).body.executionId;
const startAll = async (name: string, inputs: unknown[]): Promise<string[]> =>
  (await call('executeWorkflow', { params: { id: name }, body: { inputs } })).body.executionIds;
const read = async (id: string) => (await call('getExecution', { params: { id } })).body;
const cancel = (id: string) => call('cancelExecution', { params: { id }, body: {} });
const lanesOf = async (name: string) =>
  (await call('listFlow')).body.items.filter((lane: { workflowName: string }) => lane.workflowName === name);

test('a limit holds the rest, which says why it waits; an end lets the next one begin', async () => {
  const name = await saved({ concurrency: { limit: 1, key: '{{ $trigger.user }}' } });
  const [first, second, third] = (await startAll(name, [{ user: 'a' }, { user: 'a' }, { user: 'a' }])) as [
    string,
    string,
    string,
  ];
  const other = await start(name, { user: 'b' });
  await Promise.all([execution(parts, first, is('waiting')), execution(parts, other, is('waiting'))]);
  const lane = 'concurrency "a"';
  expect(await read(second)).toMatchObject({ status: 'pending', waitingFor: [{ reason: 'capacity', lane, ahead: 0 }] });
  expect(await read(third)).toMatchObject({ waitingFor: [{ reason: 'capacity', lane, ahead: 1 }] });
  expect(await lanesOf(name)).toMatchObject([
    { kind: 'concurrency', key: 'a', running: 1, waiting: 2 },
    { kind: 'concurrency', key: 'b', running: 1, waiting: 0 },
  ]);
  expect((await cancel(second)).body.status).toBe('canceled');
  expect((await call('listExecutionEvents', { params: { id: second } })).body.items).toMatchObject([
    { type: 'execution.created' },
    { type: 'execution.canceled' },
  ]);
  expect((await cancel(first)).body.status).toBe('canceled');
  await execution(parts, third, is('waiting'));
  expect((await read(third)).waitingFor).toMatchObject([{ reason: 'timer' }]);
  await cancel(third);
  await cancel(other);
  expect(await lanesOf(name)).toEqual([]);
});

test('a batch is one execution of all that came; the others say which', async () => {
  const name = await saved({ batch: { size: 3, wait: '1h' } }, [
    { id: 'all', type: 'transform', config: { value: '{{ $trigger.batch.map(one => one.n) }}' } },
  ]);
  const [first, second] = (await startAll(name, [{ n: 1 }, { n: 2 }])) as [string, string];
  expect((await read(first)).waitingFor).toMatchObject([
    { reason: 'gather', lane: 'batch', until: expect.any(String) },
  ]);
  const third = await start(name, { n: 3 });
  await Promise.all([first, second, third].map((id) => execution(parts, id)));
  const batch = await read(first);
  expect(batch).toMatchObject({ status: 'completed', output: [1, 2, 3], waitingFor: [] });
  expect(batch.trigger).toEqual({ batch: [{ n: 1 }, { n: 2 }, { n: 3 }] });
  const log = (await call('listExecutionLogs', { params: { id: second } })).body.items;
  expect(log.at(-1)?.message).toContain(first);
  expect((await read(third)).status).toBe('canceled');
});

test('of many starts that are debounced the latest goes on', async () => {
  const name = await saved({ debounce: { wait: '1ms' } }, [{ id: 'out', type: 'transform', config: { pick: ['n'] } }]);
  const ids = await startAll(name, [{ n: 1 }, { n: 2 }, { n: 3 }]);
  const ended = await Promise.all(ids.map((id) => execution(parts, id)));
  expect(ended.map((row) => row.status)).toEqual(['canceled', 'canceled', 'completed']);
});

test('a child waits as any other start, and is canceled with its parent', async () => {
  const child = await saved({ concurrency: { limit: 1 } });
  await call('activateWorkflow', { params: { id: child }, body: {} });
  const running = await start(child, {});
  await execution(parts, running, is('waiting'));
  const parent = await saved({}, [{ id: 'call', type: 'workflow', config: { workflow: child } }]);
  const caller = await start(parent, {});
  await execution(parts, caller, is('waiting'));
  const id = (await read(caller)).waitingFor[0].executionId as string;
  expect((await read(id)).waitingFor).toMatchObject([{ reason: 'capacity', lane: 'concurrency', ahead: 0 }]);
  await cancel(caller);
  expect((await execution(parts, id)).status).toBe('canceled');
  await cancel(running);
});

test('a failed execution that goes on takes its slot again', async () => {
  const name = await saved({ concurrency: { limit: 1 } }, [
    { id: 'maybe', type: 'fail', config: { message: 'it broke' } },
  ]);
  const id = await start(name, {});
  await execution(parts, id, is('failed'));
  expect(await lanesOf(name)).toEqual([]);
  const before = (await parts.store.executions.get(DEFAULT_PROJECT, id))?.finishedAt;
  await call('retryExecution', { params: { id }, body: {} });
  await execution(parts, id, (row) => row.status === 'failed' && row.finishedAt !== before);
  expect(await lanesOf(name)).toEqual([]);
  const types = (await call('listExecutionEvents', { params: { id } })).body.items.map(
    (one: { type: string }) => one.type,
  );
  expect(types).toContain('execution.retried');
});

test('another project sees none of it, and figures tell how many wait', async () => {
  const name = await saved({ concurrency: { limit: 1 } });
  const ids = await startAll(name, [{}, {}]);
  await execution(parts, ids[0] as string, is('waiting'));
  const stranger = await newKey(parts.store, newId());
  expect((await callApi(app, stranger, 'listFlow')).body.items).toEqual([]);
  const figures = (await call('metrics')).text;
  expect(figures).toMatch(/^myelin_flow_waiting 1$/m);
  expect(figures).toMatch(/^myelin_flow_admitted_total [1-9]/m);
  await Promise.all(ids.map(cancel));
});

test('faults are told at save', async () => {
  const settings = { concurrency: { limit: 1, key: 'user' } };
  const { status, body } = await call('createWorkflow', { body: { name: newName(), settings, nodes: [NAP] } });
  expect(status).toBe(422);
  expect(body.errors).toMatchObject([{ path: 'settings.concurrency.key' }]);
});
