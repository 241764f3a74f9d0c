import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { type ServerParts, serverParts } from '../testing/api.ts';
import { newId } from '../testing/factories.ts';
import { previewReplay } from './replay-choice.ts';

let parts: ServerParts;

beforeEach(() => {
  parts = serverParts({ roles: [] });
});
afterEach(() => parts.engine.stop(0));

async function send(count: number, over: Record<string, unknown> = {}): Promise<void> {
  const messages = Array.from({ length: count }, (_, n) => ({
    projectId: DEFAULT_PROJECT,
    event: { specversion: '1.0' as const, id: newId(), source: '/test', type: 'order.placed', data: { n }, ...over },
  }));
  await parts.store.messages.add(messages);
}

const preview = (config: object | null, limits?: { examined: number; counted: number }) =>
  previewReplay(
    { messages: parts.store.messages, schemas: parts.engine.schemas, runtime: parts.runtime },
    { projectId: DEFAULT_PROJECT, type: 'order.*' },
    config && { name: 'on', config: { ...config } },
    limits,
  );

test('what the filter finds, and what of it the trigger takes by type, topic and filter', async () => {
  await send(3);
  await send(2, { type: 'order.lost' });
  await send(1, { topic: 'other' });
  await send(1, { data: { digits: 1_000 } });
  await send(1, { causationdepth: 50 });
  await send(4, { type: 'user.made' });
  const filter = '{{ (5).toFixed($trigger.data.digits ?? 0) != "" && $trigger.data.n != 1 && $trigger.topic == null }}';
  expect(await preview({ event: 'order.placed', filter })).toEqual({
    ...{ total: 8, more: false, examined: 8, taken: 2, refused: 2 },
    first: [1, 2, 3, 4, 5].map((id) => ({ id, starts: id === 1 || id === 3 })),
  });
  expect(await preview(null)).toMatchObject({ total: 8, examined: 8, taken: 7, refused: 1 });
});

test('of very many the oldest are looked at, and counting ends too', async () => {
  await send(450, { type: 'order.lost' });
  await send(250);
  expect(await preview({ event: 'order.placed' }, { examined: 500, counted: 650 })).toMatchObject({
    ...{ total: 650, more: true, examined: 600, taken: 150 },
  });
  expect(await preview({ event: 'order.placed' }, { examined: 500, counted: 700 })).toMatchObject({
    ...{ total: 700, more: false, examined: 600, taken: 150 },
  });
});

test('an empty log comes to nothing', async () => {
  expect(await preview({ event: '*' })).toEqual({
    ...{ total: 0, more: false, examined: 0, taken: 0, refused: 0, first: [] },
  });
});
