/** The log of messages in the terminal. */
import { expect, test } from 'vitest';
import { at, problem, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, routes } = useCliStage();
const row = {
  ...{ position: 7, id: 'm1', source: '/api/events', type: 'order.placed', topic: null, key: 'k7', subject: null },
  ...{ correlationId: null, size: 90, at },
};

test('messages are listed by what is wanted, and one is printed', async () => {
  routes['GET /api/events?type=order.*&key=k7&limit=5'] = () => ({
    status: 200,
    body: { items: [row], nextCursor: null },
  });
  const listed = await cli(['messages', '--type', 'order.*', '--key', 'k7', '--limit', '5']);
  expect(listed).toMatchObject({ exit: 0, err: '' });
  expect(listed.out).toMatch(/POSITION +TYPE +TOPIC +KEY +SOURCE +WRITTEN/);
  expect(listed.out).toMatch(/7 +order\.placed +k7 +\/api\/events +2026-07-01 12:00:00/);
  const event = { specversion: '1.0', id: 'm1', source: '/api/events', type: 'order.placed', data: { n: 1 } };
  routes['GET /api/events/7'] = () => ({ status: 200, body: { ...row, event, started: [] } });
  expect(JSON.parse((await cli(['messages', '7'])).out)).toEqual(event);
  expect(JSON.parse((await cli(['messages', '7', '--json'])).out)).toEqual({ ...row, event, started: [] });
});

test('an empty log says so; a position that is none is told before anybody is asked', async () => {
  routes['GET /api/events?limit=20'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  expect(await cli(['messages'])).toMatchObject({ exit: 0, out: '', err: expect.stringContaining('No message') });
  const asked = calls.length;
  expect(await cli(['messages', 'seven'])).toMatchObject({
    exit: 2,
    err: expect.stringContaining('seven is no position'),
  });
  expect(calls).toHaveLength(asked);
  routes['GET /api/events/8'] = () => problem(404, 'message_not_found', 'There is no message at position 8.');
  expect(await cli(['messages', '8'])).toMatchObject({ exit: 4, err: expect.stringContaining('position 8') });
});
