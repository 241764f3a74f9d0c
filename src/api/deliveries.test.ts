import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { NOW, newId } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: Awaited<ReturnType<typeof createApi>>;
let key = '';
beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

test('attempts are listed page by page, and only to their project', async () => {
  const executionId = newId();
  for (const [attempt, status] of [
    [1, null],
    [2, 503],
    [3, 204],
  ] as const) {
    await parts.store.deliveries.note(
      {
        ...{ id: newId(), projectId: DEFAULT_PROJECT, executionId, path: 'tell', attempt, connection: 'partner' },
        ...{
          type: 'order.created',
          messageId: 'msg_1',
          repeats: null,
          status,
          error: status === null ? 'timeout' : null,
        },
        ...{ response: null, durationMs: 5, at: NOW },
      },
      null,
    );
  }
  const list = (query: Record<string, string>) => callApi(app, key, 'listDeliveries', { query });
  const first = await list({ limit: '2' });
  expect(first.body.items).toMatchObject([
    { attempt: 3, status: 204, executionId, at: new Date(NOW).toISOString() },
    { attempt: 2, status: 503 },
  ]);
  const rest = await list({ limit: '2', cursor: first.body.nextCursor });
  expect(rest.body).toMatchObject({ items: [{ attempt: 1, status: null, error: 'timeout' }], nextCursor: null });
  expect((await list({ failed: 'true', execution: executionId })).body.items).toHaveLength(2);
  expect((await list({ connection: 'other' })).body.items).toEqual([]);
  expect((await list({ cursor: 'x' })).status).toBe(400);
  const stranger = await newKey(parts.store, newId());
  expect((await callApi(app, stranger, 'listDeliveries')).body.items).toEqual([]);
});
