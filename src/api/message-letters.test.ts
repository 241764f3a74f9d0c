/** Dead letters of messages: without an execution, and where no trigger is at fault, without a workflow. */
import { expect, test } from 'vitest';
import type { CloudEvent } from '../core/cloud-event.ts';
import { MyelinError } from '../core/errors.ts';
import type { Deliverer } from '../engine/deliverer.ts';
import { Relay } from '../engine/relay.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { createApi } from './api.ts';

test('one is listed, shown, requeued once, and put away', async () => {
  const parts = serverParts({ roles: ['api'] });
  const { store, runtime, engine } = parts;
  const app = await createApi(parts);
  const key = await newKey(store);
  const event: CloudEvent = { specversion: '1.0', id: 'm', source: '/t', type: 'a.b', data: { n: 1 } };
  const error = new MyelinError('invalid_request', 'no such topic').toInfo();
  const broker: Deliverer = { name: 'broker', deliver: async (all) => all.map((message) => ({ message, error })) };
  await store.messages.add([{ projectId: DEFAULT_PROJECT, event }]);
  await new Relay({ messages: store.messages, runtime, stats: engine.stats, deliverers: [broker] }).runOnce();

  const { body: page } = await callApi(app, key, 'listDeadLetters', { query: { status: 'NEW' } });
  const about = { source: 'message', executionId: null, workflowId: null, workflowName: null, attempts: 1 };
  expect(page.items).toMatchObject([{ ...about, error, category: 'validation' }]);
  const params = { id: page.items[0].id };
  expect((await callApi(app, key, 'getDeadLetter', { params })).body).toMatchObject({ ...about, originalEvent: event });
  const requeue = () => callApi(app, key, 'requeueDeadLetter', { params, body: { payload: { n: 2 } } });
  const requeued = await requeue();
  expect(requeued).toMatchObject({ status: 202, body: { status: 'RETRIED', retriedAs: null, originalEvent: event } });
  expect(await requeue()).toMatchObject({ status: 409, body: { code: 'dead_letter_resolved' } });
  const archived = await callApi(app, key, 'archiveDeadLetter', { params, body: {} });
  expect(archived.body).toMatchObject({ status: 'ARCHIVED' });
  await app.close();
  await engine.stop(0);
});
