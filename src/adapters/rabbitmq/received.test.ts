import type { ConsumeMessage, MessageProperties } from 'amqplib';
import { expect, test } from 'vitest';
import { decode } from '../../core/brokers/decode.ts';
import { toReceived } from './received.ts';

function message(properties: Partial<MessageProperties>, text = '1'): ConsumeMessage {
  const fields = { consumerTag: 'c', deliveryTag: 1, redelivered: false, exchange: 'shop', routingKey: 'a.b' };
  return { content: Buffer.from(text), fields, properties: properties as MessageProperties };
}
const idOf = (one: ConsumeMessage, how: 'json' | 'cloudevents' = 'json') => toReceived(one, 'q', how).id;

test('what has the same message-id of the same application is the same', () => {
  expect(idOf(message({ messageId: '1', appId: 'a' }))).toBe(idOf(message({ messageId: '1', appId: 'a' }, '2')));
  expect(idOf(message({ messageId: '1', appId: 'b' }))).not.toBe(idOf(message({ messageId: '1', appId: 'a' })));
});

test('without one nothing is the same, even what says the same', () => {
  const one = message({ timestamp: 1, headers: {} });
  expect(idOf(one)).not.toBe(idOf(one));
  expect(idOf(message({ messageId: '' }))).not.toBe(idOf(message({ messageId: '' })));
});

test('a CloudEvent has an id of its own', () => {
  const event = (id: string) => message({}, JSON.stringify({ specversion: '1.0', id, source: '/s', type: 'a.b' }));
  expect(idOf(event('1'), 'cloudevents')).toBe(idOf(event('1'), 'cloudevents'));
  expect(idOf(event('1'), 'cloudevents')).not.toBe(idOf(event('2'), 'cloudevents'));
  expect(idOf(event('1'))).not.toBe(idOf(event('1')));
  expect(idOf(message({}, '{'), 'cloudevents')).toMatch(/^[0-9a-f-]{36}$/);
});

test('tables of AMQP come as text', () => {
  const headers = { text: 'a', bytes: Buffer.from('b'), count: 2, on: true, none: null, list: [1, { a: 'b' }] };
  const received = toReceived(message({ headers, contentType: 'application/json', priority: 0 }), 'q', 'json');
  expect(decode(received, 'json')).toMatchObject({
    data: 1,
    key: null,
    headers: {
      ...{ text: 'a', bytes: 'b', count: '2', on: 'true', none: 'null', list: '[1,{"a":"b"}]' },
      'content-type': 'application/json',
    },
    ...{ queue: 'q', exchange: 'shop', routingKey: 'a.b', redelivered: false, properties: { priority: 0 } },
    timestamp: null,
  });
});
