import { expect, test } from 'vitest';
import { eventKey, groupOf, startOf } from './event-group.ts';

test('a trigger is in its group, or in one of its own', () => {
  expect(groupOf('t', undefined)).toBe('t');
  expect(groupOf('t', 'billing')).toBe('group/billing');
});

test('a key is of the message and the group, and of the turn once there is one', () => {
  const event = { source: '/s', id: '1' };
  expect(eventKey(event, 't')).toBe('["event","/s","1","t"]');
  expect(eventKey(event, 't', 0)).toBe(eventKey(event, 't'));
  expect(eventKey(event, 't', 2)).toBe('["event","/s","1","t",2]');
});

test.each([
  [[], 'latest'],
  [[undefined, 'latest'], 'latest'],
  [['latest', '2026-07-01T12:00:00Z', '2026-07-01T13:00:00+02:00'], Date.parse('2026-07-01T11:00:00Z')],
  [['2026-07-01T12:00:00Z', 'earliest'], 'earliest'],
])('of %j the furthest back counts', (froms, start) => {
  expect(startOf(froms)).toBe(start);
});
