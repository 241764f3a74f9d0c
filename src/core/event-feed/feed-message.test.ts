import { expect, test } from 'vitest';
import { decode } from '../brokers/decode.ts';
import { MESSAGE_TYPE } from '../cloud-event.ts';
import { type FeedEvent, feedMessage } from './feed-message.ts';

const event: FeedEvent = {
  streamId: 'x-1',
  seq: 12,
  type: 'node.completed',
  at: 1_800_000_000_000,
  data: '{"b":1,"a":2}',
};

test('an event goes out as a CloudEvent, with its data as it was written', () => {
  const text = feedMessage(event, 'https://flows.example');
  expect(text.endsWith(',"data":{"b":1,"a":2}}')).toBe(true);
  const read = decode({ value: new TextEncoder().encode(text), place: {} }, 'cloudevents');
  expect(read).toEqual({
    specversion: '1.0',
    id: 'x-1/12',
    source: '/executions/x-1',
    type: 'myelin.node.completed',
    subject: 'x-1',
    time: '2027-01-15T08:00:00.000Z',
    datacontenttype: 'application/json',
    partitionkey: 'x-1',
    sequence: '0000000012',
    data: { b: 1, a: 2 },
  });
});

test('one of a session says so', () => {
  const read = JSON.parse(feedMessage({ ...event, type: 'user.message.received' }, ''));
  expect(read).toMatchObject({ source: '/sessions/x-1', type: 'myelin.user.message.received' });
  expect(MESSAGE_TYPE.test(read.type)).toBe(true);
});

test('sequences are in the order of their texts', () => {
  const texts = [9, 10, 2_147_483_647].map((seq) => JSON.parse(feedMessage({ ...event, seq }, '')).sequence);
  expect(texts.toSorted()).toEqual(texts);
});

test('data that is too large is where the event says', () => {
  const read = JSON.parse(feedMessage({ ...event, data: null }, 'https://flows.example'));
  expect(read).not.toHaveProperty('data');
  expect(read.dataref).toBe('https://flows.example/api/executions/x-1/events?after=11&limit=1');
});
