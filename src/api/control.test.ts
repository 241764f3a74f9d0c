import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
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

const NOOP = { type: 'tool', config: { tool: 'noop' } };
const NAP = { id: 'nap', type: 'delay', config: { for: '1h' } };
const FAIL = { id: 'broken', type: 'fail', config: { message: 'it broke', code: 'broken' } };
const is = (status: string) => (row: { status: string }) => row.status === status;

async function started(document: object, status: string): Promise<{ id: string; name: string }> {
  const name = newName();
  const saved = await call('createWorkflow', { body: { name, ...document } });
  expect(saved.status, saved.text).toBe(201);
  const { body } = await call('executeWorkflow', { params: { id: name }, body: { input: { n: 1 } } });
  await execution(parts, body.executionId, is(status));
  return { id: body.executionId, name };
}

const read = async (id: string) => (await call('getExecution', { params: { id } })).body;

/** Lets everything else have its turn between two looks. */
async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setImmediate(resolve));
}

describe('pause and resume', () => {
  test('hold an execution, which says so, and let it go on', async () => {
    const { id } = await started({ nodes: [NAP] }, 'waiting');
    const paused = await call('pauseExecution', { params: { id }, body: { reason: 'look first' } });
    expect(paused).toMatchObject({ status: 202, body: { id, status: 'waiting' } });
    expect((await read(id)).waitingFor).toMatchObject([{ reason: 'paused' }, { reason: 'timer', path: 'nap' }]);
    expect((await call('pauseExecution', { params: { id }, body: {} })).status).toBe(409);
    expect((await call('resumeExecution', { params: { id }, body: {} })).status).toBe(202);
    expect((await read(id)).waitingFor).toMatchObject([{ reason: 'timer' }]);
    const again = await call('resumeExecution', { params: { id }, body: {} });
    expect(again).toMatchObject({ status: 409, body: { code: 'illegal_transition' } });
  });

  test('of a workflow reach its executions where that is asked', async () => {
    const { id, name } = await started({ nodes: [NAP] }, 'waiting');
    await call('pauseWorkflow', { params: { id: name }, body: {} });
    expect((await read(id)).waitingFor).toHaveLength(1);
    await call('pauseWorkflow', { params: { id: name }, body: { executions: true } });
    await until(async () => (await read(id)).waitingFor.length === 2);
    await call('activateWorkflow', { params: { id: name }, body: { executions: true } });
    await until(async () => (await read(id)).waitingFor.length === 1);
  });
});

describe('skip', () => {
  test('lets a failed execution go on with the output given', async () => {
    const { id } = await started({ nodes: [NAP, { id: 'end', ...NOOP }], edges: ['nap -> end'] }, 'waiting');
    const skipped = await call('skipNode', { params: { id }, body: { path: 'nap', output: { by: 'hand' } } });
    expect(skipped.status, skipped.text).toBe(202);
    await execution(parts, id, is('completed'));
    expect((await read(id)).output).toEqual({ by: 'hand' });
  });

  test('of what is not there is refused, with the reason', async () => {
    const { id } = await started({ nodes: [NAP] }, 'waiting');
    const refused = await call('skipNode', { params: { id }, body: { path: 'nowhere' } });
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: 'The execution is waiting; it cannot go on without nowhere.' },
    });
    expect((await call('skipNode', { params: { id: newId() }, body: { path: 'a' } })).status).toBe(404);
    expect((await call('skipNode', { params: { id }, body: {} })).status).toBe(400);
  });
});

describe('retry', () => {
  test('runs from a node on, and keeps what came before', async () => {
    const { id } = await started(
      { nodes: [{ id: 'a', ...NOOP }, { id: 'b', ...NOOP }, FAIL], edges: ['a -> b', 'b -> broken'] },
      'failed',
    );
    const retried = await call('retryExecution', { params: { id }, body: { from: 'b' } });
    expect(retried.status, retried.text).toBe(202);
    await execution(parts, id, is('failed'));
    const attempts = (await read(id)).nodes.map(({ path, attempt }: { path: string; attempt: number }) => [
      path,
      attempt,
    ]);
    expect(attempts).toEqual([
      ['a', 1],
      ['b', 2],
      ['broken', 0],
    ]);
    expect((await call('retryExecution', { params: { id }, body: { from: 'c' } })).status).toBe(409);
  });
});

describe('resolve', () => {
  test('takes only a node in doubt', async () => {
    const { id } = await started({ nodes: [FAIL] }, 'failed');
    const refused = await call('resolveNode', { params: { id }, body: { path: 'broken', happened: true } });
    expect(refused).toMatchObject({ status: 409, body: { detail: 'There is no node in doubt at broken.' } });
    expect((await call('resolveNode', { params: { id }, body: { path: 'x', happened: true } })).status).toBe(409);
  });
});

describe('cancel', () => {
  const SAGA = {
    nodes: [{ id: 'a', ...NOOP, compensate: 'undo' }, NAP, { id: 'undo', ...NOOP }],
    edges: ['a -> nap'],
  };

  test('undoes what was done where that is asked', async () => {
    const { id } = await started(SAGA, 'waiting');
    const answer = await call('cancelExecution', { params: { id }, body: { reason: 'no longer', compensate: true } });
    expect(answer.status, answer.text).toBe(202);
    await execution(parts, id, is('compensated'));
    const view = await read(id);
    expect(view).toMatchObject({ waitingFor: [], error: { code: 'canceled', message: 'no longer' } });
    expect(view.nodes).toMatchObject([
      { path: 'a' },
      { path: 'nap', status: 'canceled' },
      { path: 'undo', status: 'completed' },
    ]);
  });

  test('leaves what was done where it is not', async () => {
    const { id } = await started(SAGA, 'waiting');
    await call('cancelExecution', { params: { id }, body: {} });
    await execution(parts, id, is('canceled'));
    expect((await read(id)).nodes.map((node: { path: string }) => node.path)).toEqual(['a', 'nap']);
    expect((await call('cancelExecution', { params: { id }, body: {} })).status).toBe(409);
  });
});
