import { expect, test } from 'vitest';
import { triggerLine } from './trigger-line.ts';

test.each([
  ['schedule', { every: '10s' }, 'every 10s'],
  ['schedule', { cron: '0 8 * * 1-5', timezone: 'Europe/Berlin' }, '0 8 * * 1-5 Europe/Berlin'],
  ['schedule', { at: '2027-01-01T00:00:00', timezone: 'Europe/Berlin' }, 'at 2027-01-01T00:00:00 Europe/Berlin'],
  ['event', { event: 'order.*' }, 'order.*'],
  [
    'event',
    { event: 'order.*', topic: 'shop', filter: '{{ $trigger.ok }}' },
    'order.* of shop where {{ $trigger.ok }}',
  ],
  ['webhook', { path: '/signups/:plan' }, 'POST /signups/:plan'],
  ['poll', { every: '1m', http: { url: 'https://a.example/items' } }, 'every 1m GET https://a.example/items'],
  ['poll', { every: '1m', sql: { connection: 'shop-db', query: 'select 1' } }, 'every 1m in shop-db'],
  ['workflow', { workflow: 'import', on: ['completed', 'failed'] }, 'import completed or failed'],
  ['workflow', { workflow: 'import' }, 'import completed'],
  ['kafka', { topic: 'orders' }, 'topic orders'],
  ['nats', { subject: 'orders.*' }, 'subject orders.*'],
  ['rabbitmq', { queue: 'orders' }, 'queue orders'],
  ['rabbitmq', { exchange: 'shop', routingKey: ['a.#', 'b'] }, 'exchange shop a.# b'],
  ['redis', { stream: 'orders' }, 'stream orders'],
  ['redis', { channels: 'orders.*' }, 'channels orders.*'],
  ['table', { table: 'shop.outbox' }, 'table shop.outbox'],
])('a %s trigger of %j is %s', (type, config, line) => {
  expect(triggerLine(type, config)).toBe(line);
});

test('an address is the one that the server has', () => {
  const config = { method: 'PUT', path: 'a' };
  expect(triggerLine('webhook', config, '/webhooks/~p/a')).toBe('PUT /webhooks/~p/a');
  expect(triggerLine('event', { event: 'a' }, null)).toBe('a');
});

test('what is not filled in yet says what it is', () => {
  for (const type of ['webhook', 'schedule', 'event', 'kafka', 'redis', 'unheard-of']) {
    expect(triggerLine(type, {})).toBe(type);
  }
});
