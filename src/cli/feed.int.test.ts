/** The feed of events. */
import { expect, test } from 'vitest';
import { useCliStage } from '../testing/cli-stage.ts';

const { cli, routes } = useCliStage();

const at = '2026-07-01T12:00:00.000Z';
const feed = {
  ...{ connection: 'events', type: 'kafka', target: { topic: 'audit' }, state: 'listening', error: null },
  ...{ failures: 0, retryAt: null, waiting: 0, oldestAt: null, createdAt: at, updatedAt: at },
};

test('it is shown with what waits and what is wrong', async () => {
  const told: { feed: object | null } = { feed: null };
  routes['GET /api/event-feed'] = () => ({ status: 200, body: told });
  expect((await cli(['feed'])).err).toContain('myelin feed set');
  expect((await cli(['feed', '--json'])).out).toBe('null\n');
  told.feed = feed;
  expect((await cli(['feed', 'show'])).out).toBe('events (kafka) topic=audit\neverything is sent\n');
  const error = { code: 'broker_refused', message: 'There is no topic audit.' };
  told.feed = { ...feed, state: 'error', error, failures: 3, retryAt: at, waiting: 12, oldestAt: at };
  const { out } = await cli(['feed']);
  expect(out).toContain('error There is no topic audit.; tried again at 2026-07-01 12:00:00 UTC');
  expect(out).toContain('12 events wait, the oldest since 2026-07-01 12:00:00 UTC');
});

test('it is set and removed', async () => {
  const bodies: unknown[] = [];
  routes['PUT /api/event-feed'] = ({ body }) => {
    bodies.push(body);
    return { status: 200, body: feed };
  };
  routes['DELETE /api/event-feed'] = () => ({ status: 204 });
  const declare = '{"kind":"topic"}';
  const set = await cli(['feed', 'set', 'events', 'exchange=audit', 'priority=3', `declare=${declare}`, 'routingKey=']);
  expect(set).toMatchObject({ exit: 0, out: expect.stringContaining('every event goes to events') });
  const target = { exchange: 'audit', priority: 3, declare: { kind: 'topic' }, routingKey: '' };
  expect(bodies).toEqual([{ connection: 'events', target }]);
  expect((await cli(['feed', 'remove'])).out).toBe('the feed is removed\n');
});

test.each([
  [['set'], 'name of a connection'],
  [['set', 'events', 'audit'], 'FIELD=VALUE'],
  [['end'], 'no action end'],
])('%j is a wrong command line', async (words, message) => {
  expect(await cli(['feed', ...words])).toMatchObject({ exit: 2, err: expect.stringContaining(message) });
});
