import { expect, test } from 'vitest';
import { rabbitmqTriggerConfig } from './rabbitmq.ts';

const faults = (fields: object) =>
  rabbitmqTriggerConfig
    .safeParse({ connection: 'rabbit', ...fields })
    .error?.issues.map(({ path, message }) => `${path}: ${message}`);

test.each([
  { queue: 'orders', prefetch: 10, batch: 5, onInvalid: 'dead_letter_exchange' },
  { exchange: 'shop', routingKey: ['order.*', 'refund.#'], group: 'orders', maxPriority: 9 },
  { exchange: 'shop', declare: { kind: 'fanout' } },
  { exchange: 'shop', declare: { kind: 'headers', durable: false }, headers: { vip: true }, match: 'any' },
  { exchange: 'shop', onInvalid: 'dead_letter_exchange', deadLetterExchange: 'dead' },
])('%j is taken', (fields) => {
  expect(faults(fields)).toBeUndefined();
});

test.each<[object, string]>([
  [{}, 'queue: is needed, or exchange'],
  [{ queue: 'q', exchange: 'e' }, 'queue: is needed, or exchange, and not both'],
  [{ queue: 'q', routingKey: 'a' }, 'routingKey: goes with exchange'],
  [{ queue: 'q', group: 'g' }, 'group: goes with exchange'],
  [{ exchange: 'e', match: 'any' }, 'match: goes with headers'],
  [{ exchange: 'e', declare: { kind: 'direct' } }, 'routingKey: is needed of a direct exchange'],
  [{ exchange: 'e', declare: { kind: 'topic' }, headers: { a: 1 } }, 'headers: is heeded by an exchange of headers'],
  [{ exchange: 'e', onInvalid: 'dead_letter_exchange' }, 'deadLetterExchange: is needed'],
  [{ exchange: 'e', declare: { kind: 'x-delayed' } }, 'declare,kind: '],
  [{ queue: 'q', prefetch: 0 }, 'prefetch: '],
])('%j is refused', (fields, words) => {
  expect(faults(fields)?.join('\n')).toContain(words);
});
