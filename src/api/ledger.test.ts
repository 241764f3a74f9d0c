import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newId, newName, newWorkflow } from '../testing/factories.ts';
import { ledgerSteps } from '../testing/store/ledger-steps.ts';
import { createApi } from './api.ts';

const parts = serverParts();
const { begun, call: modelCall } = ledgerSteps(() => parts.store);
let app: FastifyInstance;
let projectId: string;
let key: string;
const call = (id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);

beforeAll(async () => {
  app = await createApi(parts);
  projectId = newId();
  key = await newKey(parts.store, projectId);
});
afterAll(() => app.close());

test('calls and what they cost are told in units of the currency', async () => {
  const run = await begun(projectId);
  await run.calls(modelCall({ estimate: 500_000_000, userId: 'ada' }));
  await run.settles({ path: 'ask', outcome: 'paid', cost: 12_500_000, usage: { inputTokens: 9, outputTokens: 1 } });
  await run.calls(modelCall({ attempt: 2, estimate: 250_000_000, userId: 'ada' }));
  const page = await call('listExecutionCalls', { params: { id: run.executionId }, query: { limit: '1' } });
  expect(page.body.items).toMatchObject([{ path: 'ask', status: 'paid', estimate: 0.5, cost: 0.0125, user: 'ada' }]);
  const rest = await call('listExecutionCalls', {
    params: { id: run.executionId },
    query: { cursor: page.body.nextCursor },
  });
  expect(rest.body).toMatchObject({ items: [{ status: 'open', settledAt: null }], nextCursor: null });
  const { body } = await call('getUsage', { query: { by: 'user', user: 'ada', workflow: run.workflowId } });
  expect(body.items).toMatchObject([{ key: 'ada', calls: 2, cost: 0.0125, reserved: 0.25, inputTokens: 9 }]);
  const stranger = await newKey(parts.store, newId());
  expect((await callApi(app, stranger, 'listExecutionCalls', { params: { id: run.executionId } })).status).toBe(404);
  expect((await callApi(app, stranger, 'getUsage')).body.items).toEqual([]);
});

test('a budget is set, changed and removed', async () => {
  const set = await call('setBudget', { body: { scope: 'user', key: 'eve', limit: 2.5, per: 'day' } });
  expect(set.body.items).toMatchObject([{ scope: 'user', key: 'eve', limit: 2.5, currency: 'USD', spent: 0 }]);
  await call('setBudget', { body: { scope: 'user', key: 'eve', limit: 3, per: 'day' } });
  expect((await call('listBudgets')).body.items).toMatchObject([{ limit: 3 }]);
  const place = { scope: 'user', key: 'eve', per: 'day' };
  const early = await call('removeBudget', { query: { scope: 'user', key: 'eve' } });
  expect(early).toMatchObject({ status: 404, body: { code: 'budget_not_found' } });
  expect(early.body.detail).toBe('There is no budget user:eve in total, but one per day: add `--per day` (`per=day`).');
  expect((await call('removeBudget', { query: place })).status).toBe(204);
  const late = await call('removeBudget', { query: place });
  expect(late).toMatchObject({ status: 404, body: { detail: 'There is no budget user:eve per day.' } });
});

test('a workflow is named by its name, and must exist', async () => {
  const mine = await newKey(parts.store, DEFAULT_PROJECT);
  const workflow = newWorkflow();
  await parts.store.workflows.create(workflow);
  const body = { scope: 'workflow', key: workflow.definition.name, limit: 1 };
  const { body: answer } = await callApi(app, mine, 'setBudget', { body });
  expect(answer.items).toMatchObject([{ key: workflow.id, account: `workflow:${workflow.id}` }]);
  expect((await callApi(app, mine, 'setBudget', { body: { ...body, key: newName() } })).status).toBe(404);
});

test.each([
  { scope: 'team', limit: 1 },
  { scope: 'user', limit: -1 },
  { scope: 'user', limit: 1, currency: 'usd' },
  { scope: 'user', key: 'a\u0000', limit: 1 },
  { scope: 'project', key: 'x', limit: 1 },
  { scope: 'user' },
])('%o is refused', async (body) => {
  const { status, text } = await call('setBudget', { body });
  expect([400, 422], text).toContain(status);
});
