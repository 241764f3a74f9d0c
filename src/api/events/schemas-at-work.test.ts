/** Schemas of messages between two workflows: what is refused, and what a listener sees of an older message. */
import { expect, test } from 'vitest';
import type { OperationId } from '../../contract/routes.ts';
import { callApi, execution, newKey, type Sent, serverParts } from '../../testing/api.ts';
import { newName } from '../../testing/factories.ts';
import { createApi } from '../api.ts';

test('an emit node is held to the schema, and its older messages are heard as the newest', async () => {
  const parts = serverParts();
  const { engine, store } = parts;
  const app = await createApi(parts);
  const key = await newKey(store);
  const call = (id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);
  const deploy = async (document: unknown): Promise<string> =>
    (await call('createWorkflow', { body: document, query: { activate: 'true' } })).body.id;
  const shown = async (id: string) => {
    await execution(parts, id);
    return (await call('getExecution', { params: { id } })).body;
  };
  const run = async (id: string) => {
    return await shown((await call('executeWorkflow', { params: { id }, body: {} })).body.executionId);
  };
  /** The execution that a message starts. */
  const heardBy = async (workflow: string): Promise<string> => {
    for (;;) {
      const { body } = await call('listExecutions', { query: { workflow } });
      if (body.items.length > 0) return body.items[0].id;
      await new Promise(setImmediate);
    }
  };
  await engine.start();

  const type = newName();
  const field = (weight: string) => ({ required: ['weight'], properties: { weight: { type: weight } } });
  await call('putEventSchema', { params: { type }, body: { schema: field('number'), policy: 'reject' } });
  const upcast = { weight: { value: '{{ $data.weight }}' } };
  await call('putEventSchema', { params: { type }, body: { schema: field('object'), policy: 'reject', upcast } });

  const emitting = (schema?: number) => ({
    name: newName(),
    triggers: [{ id: 'go', type: 'manual' }],
    nodes: [{ id: 'tell', type: 'emit', config: { type, data: { weight: 5 }, ...(schema && { schema }) } }],
  });
  const listener = await deploy({
    name: newName(),
    triggers: [{ id: 'on', type: 'event', event: type }],
    nodes: [{ id: 'see', type: 'transform', config: { value: '{{ $trigger }}' } }],
  });
  const [newest, older] = [await deploy(emitting()), await deploy(emitting(1))];

  expect(await run(newest)).toMatchObject({
    status: 'failed',
    error: {
      code: 'message_invalid',
      message: expect.stringContaining(`schema 2 of ${type}: data.weight: takes object`),
    },
  });
  expect(await run(older)).toMatchObject({ status: 'completed' });
  expect(await shown(await heardBy(listener))).toMatchObject({
    status: 'completed',
    output: { data: { weight: { value: 5 } }, dataschema: `/api/event-schemas/${type}/2` },
  });
  await app.close();
  await engine.stop(0);
});
