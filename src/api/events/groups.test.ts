import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventKey } from '../../core/event-group.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { callApi, newKey, serverParts } from '../../testing/api.ts';
import { creation, newId, newName, newWorkflow } from '../../testing/factories.ts';
import { createApi } from '../api.ts';

// Without a scheduler nobody delivers: what is sent stays before the groups.
const parts = serverParts({ roles: ['api'] });
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

const list = async (query = {}) => (await callApi(app, key, 'listEventGroups', { query })).body;
const reset = (id: string, to: string) => callApi(app, key, 'resetEventGroup', { params: { id }, body: { to } });

test('groups are listed with how far behind they are, and set elsewhere', async () => {
  const { store } = parts;
  const [one, two] = [newId(), newId()];
  const group = newName();
  const workflow = await store.workflows.create(
    newWorkflow({
      status: 'active',
      triggers: [
        { id: one, name: 'placed', type: 'event', config: { event: 'order.*' } },
        { id: two, name: 'paid', type: 'event', config: { event: 'order.paid', group, missed: 'skip' } },
      ],
    }),
  );
  const of = { workflowId: workflow.id, workflowName: workflow.name, active: true };
  const none = { messages: 0, isMore: false, ms: 0 };
  const named = {
    ...{ id: `group/${group}`, group, state: 'live', lag: none, missed: 'skip', gone: 0 },
    members: [{ ...of, triggerId: two, trigger: 'paid', event: 'order.paid' }],
  };
  const alone = {
    ...{ id: one, group: null, state: 'live', lag: none, missed: 'all', gone: 0 },
    members: [{ ...of, triggerId: one, trigger: 'placed', event: 'order.*' }],
  };
  const [first, second] = [alone, named].sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(await list()).toEqual({ items: [first, second], nextCursor: null });
  expect(await list({ limit: 1 })).toEqual({ items: [first], nextCursor: first?.id });
  expect(await list({ limit: 1, cursor: first?.id })).toEqual({ items: [second], nextCursor: null });
  await store.workflows.setStatus(DEFAULT_PROJECT, workflow.id, 'paused', 1);
  for (const type of ['order.placed', 'order.paid', 'other']) {
    const event = { specversion: '1.0', id: newId(), source: '/t', type } as const;
    await store.messages.add([{ projectId: DEFAULT_PROJECT, event }]);
  }
  const { status, body } = await callApi(app, key, 'getEventGroup', { params: { id: one } });
  expect(status).toBe(200);
  expect(body).toMatchObject({ state: 'paused', lag: { messages: 2, isMore: false } });
  const paid = await callApi(app, key, 'getEventGroup', { params: { id: `group/${group}` } });
  expect(paid.body).toMatchObject({ state: 'paused', lag: none });
  await store.messages.relay(Date.now(), 10, async (messages) => ({ done: messages.map(({ id }) => id), putOff: [] }));
  expect((await reset(one, 'latest')).body).toMatchObject({ id: one, lag: none });
  expect((await reset(one, 'earliest')).body).toMatchObject({ state: 'paused', lag: { messages: 2 } });
  expect((await reset(one, new Date(Date.now() + 60_000).toISOString())).body).toMatchObject({ lag: none });
});

test('what a message has started is told also after its group was set back', async () => {
  const { store } = parts;
  const [id, type] = [newId(), newName()];
  const triggers = [{ id, name: 'on', type: 'event', config: { event: type } }];
  const workflow = await store.workflows.create(newWorkflow({ status: 'active', triggers }));
  const event = { specversion: '1.0', id: newId(), source: '/t', type } as const;
  await store.messages.add([{ projectId: DEFAULT_PROJECT, event }]);
  const key = { key: eventKey(event, id), expiresAt: Date.now() + 60_000 };
  const start = creation({ projectId: DEFAULT_PROJECT }, { key, workflowId: workflow.id });
  await store.executions.commit([start]);
  const [row] = await store.messages.list({ projectId: DEFAULT_PROJECT, type, limit: 1 });
  const started = async () => {
    const { body } = await callApi(app, await newKey(store), 'getEvent', { params: { position: String(row?.id) } });
    return body;
  };
  const its = [{ executionId: start.executionId, workflowId: workflow.id, workflowName: workflow.name }];
  expect(await started()).toMatchObject({ started: its });
  await reset(id, 'earliest');
  await reset(id, 'earliest');
  expect(await started()).toMatchObject({ started: its });
  await store.workflows.delete(DEFAULT_PROJECT, workflow.id);
});

test('what is no group, and no place, is refused', async () => {
  const missing = { status: 404, body: { code: 'event_group_not_found' } };
  expect(await reset(newId(), 'earliest')).toMatchObject(missing);
  expect(await callApi(app, key, 'getEventGroup', { params: { id: 'group/none' } })).toMatchObject(missing);
  const refused = await reset(newId(), 'yesterday');
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'body.to' }] } });
});

test('what is behind is among the figures', async () => {
  const { text } = await callApi(app, key, 'metrics');
  expect(text).toMatch(/^myelin_event_groups_behind\{state="paused"\} 1$/m);
  expect(text).toMatch(/^myelin_event_groups_behind\{state="catching_up"\} 0$/m);
  expect(text).toMatch(/^myelin_event_group_lag_seconds 0$/m);
  expect(text).toMatch(/^myelin_event_group_messages_total 0$/m);
});
