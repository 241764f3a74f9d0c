import { expect, test } from 'vitest';
import { eventKeysOf, waitIndex } from './wait-index.ts';

test('an approval is found by who is asked, and until when', () => {
  expect(waitIndex('approval', { assignees: ['ada', 'a\u0000b\udc00', 7], due: 12 })).toEqual({
    assignees: ['ada', 'a b\ufffd', '7'],
    due: 12,
    eventKey: null,
  });
  expect(waitIndex('approval', { assignees: null, due: null })).toEqual({ assignees: null, due: null, eventKey: null });
  expect(waitIndex('callback', null)).toEqual({ assignees: null, due: null, eventKey: null });
});

test.each([
  ['order.paid', 'order.paid'],
  ['order.*', 'order.*'],
  ['order.*.paid', 'order.*'],
  ['*', '*'],
])('a wait for %s has the key %s', (type, eventKey) => {
  expect(waitIndex('event', { type })).toMatchObject({ eventKey });
});

test('an event asks for its type and each pattern that may take it', () => {
  expect(eventKeysOf('order.item.paid')).toEqual(['order.item.paid', '*', 'order.*', 'order.item.*']);
  expect(eventKeysOf('tick')).toEqual(['tick', '*']);
});
