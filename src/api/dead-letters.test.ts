import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, execution, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

type Call = Parameters<typeof callApi>[2];

const parts = serverParts();
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
  await parts.engine.start();
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(1_000);
});

const call = (id: Call, sent: Sent = {}) => callApi(app, key, id, sent);

/** Fails unless it was started with `ok`. */
const document = (over: object = {}) => ({
  name: newName(),
  triggers: [{ id: 'by-hand', type: 'manual', input: { type: 'object', properties: { ok: { type: 'boolean' } } } }],
  nodes: [
    { id: 'check', type: 'if', config: { condition: '{{ $trigger.ok == true }}' } },
    { id: 'done', type: 'transform' },
    { id: 'stop', type: 'fail', config: { code: 'no_stock', message: 'Nothing left of {{ $trigger.n }}' } },
  ],
  edges: ['check:true -> done', 'check:false -> stop'],
  ...over,
});

async function workflow(over: object = {}): Promise<string> {
  const { status, body, text } = await call('createWorkflow', { body: document(over), query: { activate: 'true' } });
  expect(status, text).toBe(201);
  return body.id;
}

/** Id of an execution that has failed. */
async function fallen(workflowId: string, input: unknown = { n: 7 }): Promise<string> {
  const { body } = await call('executeWorkflow', { params: { id: workflowId }, body: { input } });
  await execution(parts, body.executionId);
  return body.executionId;
}

const letter = async (id: string) => (await call('getDeadLetter', { params: { id } })).body;
const requeue = (id: string, body: object = {}) => call('requeueDeadLetter', { params: { id }, body });

describe('a dead letter', () => {
  test('is left by an execution that fails, and tells of it', async () => {
    const workflowId = await workflow();
    const id = await fallen(workflowId);
    expect(await letter(id)).toMatchObject({
      ...{ id, executionId: id, workflowId, version: 1, triggerId: 'by-hand', source: 'execution' },
      ...{ originalEvent: { n: 7 }, path: 'stop', category: 'unknown', status: 'NEW', retries: 0, retryAt: null },
      error: { code: 'no_stock', kind: 'permanent' },
      fingerprint: 'no_stock stop: Nothing left of <n>',
    });
    const { body } = await call('listDeadLetters', { query: { workflow: workflowId } });
    const counted = await call('countDeadLetters', { query: { workflow: workflowId, status: 'NEW' } });
    expect(counted.body).toEqual({ count: body.items.length });
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).not.toHaveProperty('originalEvent');
  });

  test('is not left by a child that somebody waits for, but by its parent', async () => {
    const child = await workflow();
    const nodes = [{ id: 'call', type: 'workflow', config: { workflow: child, input: {}, wait: true } }];
    const parent = await fallen(await workflow({ nodes, edges: [] }));
    expect(await letter(parent)).toMatchObject({ path: 'call', error: { code: 'child_failed' }, automatic: false });
    expect((await call('listDeadLetters', { query: { workflow: child } })).body.items).toEqual([]);
  });

  test('is 404 where there is none', async () => {
    for (const id of [newId(), 'nothing']) {
      for (const operation of [
        'getDeadLetter',
        'requeueDeadLetter',
        'reviewDeadLetter',
        'archiveDeadLetter',
      ] as const) {
        const { status, body } = await call(operation, { params: { id } });
        expect([status, body.code]).toEqual([404, 'dead_letter_not_found']);
      }
    }
    const id = await fallen(await workflow());
    const stranger = await newKey(parts.store, '00000000-0000-7000-8000-000000000002');
    expect((await callApi(app, stranger, 'getDeadLetter', { params: { id } })).status).toBe(404);
    expect((await callApi(app, stranger, 'requeueDeadLetter', { params: { id } })).status).toBe(404);
  });
});

describe('a requeue', () => {
  test('lets the execution go on, and is new again when that fails', async () => {
    const id = await fallen(await workflow());
    const { status, body } = await requeue(id.toUpperCase());
    expect([status, body.retries]).toEqual([202, 1]);
    await execution(parts, id, (row) => row.status === 'failed' && row.finishedAt !== null);
    const again = await untilNew(id);
    expect(again).toMatchObject({ retries: 1, retriedAs: null });
    expect(again.failedAt >= again.createdAt).toBe(true);
  });

  test('with a payload starts another execution, once', async () => {
    const id = await fallen(await workflow());
    const answers = await Promise.all([1, 2, 3].map(() => requeue(id, { payload: { ok: true } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    const { retriedAs, status } = await letter(id);
    expect(status).toBe('RETRIED');
    expect(answers.find((one) => one.status === 409)?.body).toMatchObject({
      code: 'dead_letter_resolved',
      detail: expect.stringContaining(retriedAs),
    });
    expect(await execution(parts, retriedAs)).toMatchObject({ status: 'completed', triggerId: 'by-hand' });
    expect((await parts.store.executions.get(DEFAULT_PROJECT, id))?.status).toBe('failed');
  });

  test('takes no payload that the trigger does not', async () => {
    const id = await fallen(await workflow());
    const { status, body } = await requeue(id, { payload: { ok: 'yes' } });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(body.errors[0].path).toBe('ok');
    expect(await letter(id)).toMatchObject({ status: 'NEW' });
  });

  test('of one that was archived is refused', async () => {
    const id = await fallen(await workflow());
    await call('archiveDeadLetter', { params: { id } });
    for (const body of [{}, { payload: {} }]) {
      const answer = await requeue(id, body);
      expect([answer.status, answer.body.code]).toEqual([409, 'dead_letter_resolved']);
    }
    expect((await call('reviewDeadLetter', { params: { id } })).status).toBe(409);
    expect((await call('archiveDeadLetter', { params: { id } })).status).toBe(409);
  });

  test('of one whose execution was deleted starts it anew from the same event', async () => {
    const id = await fallen(await workflow());
    await call('deleteExecution', { params: { id } });
    const { body } = await requeue(id);
    expect(body.retriedAs).not.toBe(id);
    await execution(parts, body.retriedAs);
    expect(await letter(body.retriedAs)).toMatchObject({ originalEvent: { n: 7 }, status: 'NEW' });
  });

  test('starts nothing of a workflow that is paused or gone', async () => {
    const workflowId = await workflow();
    const id = await fallen(workflowId);
    await call('pauseWorkflow', { params: { id: workflowId } });
    expect((await requeue(id, { payload: {} })).body.code).toBe('workflow_not_active');
    await call('deleteWorkflow', { params: { id: workflowId } });
    expect((await requeue(id, { payload: {} })).body.code).toBe('workflow_not_found');
    expect(await letter(id)).toMatchObject({ status: 'NEW', workflowName: null });
  });

  test('of an execution that was led on by other ways is refused; the letter knows', async () => {
    const stop = { id: 'stop', type: 'delay', config: { until: '{{ $trigger.never }}' } };
    const id = await fallen(await workflow({ nodes: [stop, LONG], edges: ['stop -> long'] }));
    await call('skipNode', { params: { id }, body: { path: 'stop' } });
    await execution(parts, id, (row) => row.status === 'waiting');
    expect(await letter(id)).toMatchObject({ status: 'RETRIED', retries: 1 });
    expect((await requeue(id)).body.code).toBe('dead_letter_resolved');
  });
});

describe('by filter', () => {
  test('all that fit are requeued, the resolved left alone', async () => {
    const workflowId = await workflow();
    const ids = [await fallen(workflowId), await fallen(workflowId), await fallen(workflowId)] as const;
    await call('archiveDeadLetter', { params: { id: ids[0] } });
    await call('deleteExecution', { params: { id: ids[1] } });
    const { status, body } = await call('requeueDeadLetters', { body: { filter: { workflow: workflowId } } });
    expect([status, body]).toEqual([200, { done: 2, refused: 0, nextCursor: null }]);
    expect(await letter(ids[0])).toMatchObject({ status: 'ARCHIVED' });
    expect(await letter(ids[1])).toMatchObject({ status: 'RETRIED', retriedAs: expect.any(String) });
    expect((await letter(ids[2])).retries).toBe(1);
  });

  test('an effect in doubt is refused and stays, for a person to look at', async () => {
    const nodes = [{ id: 'pay', type: 'fail', config: { code: 'in_doubt', message: 'Nobody knows.' } }];
    const workflowId = await workflow({ nodes, edges: [] });
    const id = await fallen(workflowId);
    const { body } = await call('requeueDeadLetters', { body: { filter: { workflow: workflowId } } });
    expect(body).toMatchObject({ done: 0, refused: 1 });
    expect((await letter(id)).status).toBe('NEW');
  });

  test('what cannot start is refused and stays', async () => {
    const workflowId = await workflow();
    const id = await fallen(workflowId);
    await call('deleteExecution', { params: { id } });
    await call('deleteWorkflow', { params: { id: workflowId } });
    const { body } = await call('requeueDeadLetters', { body: { filter: { workflow: workflowId } } });
    expect(body).toEqual({ done: 0, refused: 1, nextCursor: null });
    expect(await letter(id)).toMatchObject({ status: 'NEW' });
  });

  test('all that fit are archived with a note', async () => {
    const workflowId = await workflow();
    const ids = [await fallen(workflowId), await fallen(workflowId, { n: 8 })] as const;
    const { fingerprint } = await letter(ids[0]);
    const filter = { workflow: workflowId, fingerprint, category: 'unknown', status: 'NEW' };
    const { body } = await call('archiveDeadLetters', { body: { filter, note: 'sold out', by: 'ann' } });
    expect(body).toEqual({ done: 2, refused: 0, nextCursor: null });
    expect(await letter(ids[1])).toMatchObject({ status: 'ARCHIVED', notes: 'sold out', reviewedBy: 'ann' });
  });
});

describe('lists', () => {
  test('come in pages', async () => {
    const workflowId = await workflow();
    const ids = [await fallen(workflowId), await fallen(workflowId), await fallen(workflowId)];
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: Record<string, string> = { workflow: workflowId, limit: '2', ...(cursor === '' ? {} : { cursor }) };
      const { body } = await call('listDeadLetters', { query });
      seen.push(...body.items.map((one: { id: string }) => one.id));
      cursor = body.nextCursor;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    for (const cursor of ['x', '12', '12_x']) {
      expect((await call('listDeadLetters', { query: { cursor } })).status).toBe(400);
    }
  });

  test('are filtered by time', async () => {
    const workflowId = await workflow();
    const id = await fallen(workflowId);
    const { failedAt } = await letter(id);
    const count = async (query: Record<string, string>) =>
      (await call('listDeadLetters', { query: { workflow: workflowId, ...query } })).body.items.length;
    expect(await count({ from: failedAt })).toBe(1);
    expect(await count({ to: failedAt })).toBe(0);
    expect(await count({ status: 'ARCHIVED' })).toBe(0);
  });

  test('count failures of the same cause', async () => {
    const workflowId = await workflow();
    const [first, last] = [await fallen(workflowId, { n: 1 }), await fallen(workflowId, { n: 2 })];
    await call('reviewDeadLetter', { params: { id: first }, body: { note: 'asked the store' } });
    const { body } = await call('listDeadLetterGroups', { query: { workflow: workflowId } });
    expect(body.items).toMatchObject([
      { workflowId, fingerprint: 'no_stock stop: Nothing left of <n>', count: 2, new: 1, sample: { id: last } },
    ]);
  });
});

describe('rules', () => {
  const set = (body: object) => call('setDeadLetterRule', { body });

  test('are one for each category', async () => {
    const { body } = await call('getDeadLetterRules');
    expect(body.items).toHaveLength(7);
    expect(body.items[0]).toEqual({ category: 'timeout', enabled: true, delay: '5m', limit: 3, own: false });
  });

  test('are set for letters that are there, too', async () => {
    const id = await fallen(await workflow());
    const { body } = await set({ category: 'unknown', enabled: true, delay: '90s', limit: 1 });
    const rule = { category: 'unknown', enabled: true, delay: '1m30s', limit: 1, own: true };
    expect(body.items.at(-1)).toEqual(rule);
    const { retryAt, failedAt } = await letter(id);
    expect(Date.parse(retryAt) - Date.parse(failedAt)).toBe(90_000);
    expect((await set({ category: 'unknown', enabled: false })).body.items.at(-1)).toEqual({ ...rule, enabled: false });
    expect(await letter(id)).toMatchObject({ retryAt: null });
  });

  test('are refused where they make no sense', async () => {
    for (const body of [
      { category: 'luck', enabled: true },
      { category: 'bug', enabled: true, delay: '0s' },
      { category: 'bug', enabled: true, delay: '-5m' },
      { category: 'bug', enabled: true, delay: '8d' },
      { category: 'bug', enabled: true, limit: 21 },
      { category: 'bug' },
    ]) {
      expect((await set(body)).status).toBe(400);
    }
  });
});

test('the figures tell of them', async () => {
  await fallen(await workflow());
  const { text } = await call('metrics');
  expect(text).toMatch(/myelin_dead_letters_total\{category="unknown"\} [1-9]/);
  expect(text).toMatch(/myelin_dead_letters_new [1-9]/);
});

const LONG = { id: 'long', type: 'delay', config: { for: '1h' } };

/** The letter, once its execution has failed again. */
async function untilNew(id: string) {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const stop = parts.engine.outcomes.watch(id, () => {
        stop();
        resolve();
      });
    });
    const now = await letter(id);
    if (now.status === 'NEW') return now;
    await changed;
  }
}
