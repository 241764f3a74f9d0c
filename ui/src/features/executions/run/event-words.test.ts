import { expect, test } from 'vitest';
import { eventName, eventNote, pathOf } from './event-words.ts';

const event = (type: string, data: unknown) => ({ seq: 1, type, at: '2026-01-01T00:00:00.000Z', data });

test('a name, a place and a note for people', () => {
  expect(eventName('execution.compensation_failed')).toBe('execution compensation failed');
  expect(pathOf(event('node.started', { path: 'a' }))).toBe('a');
  expect(pathOf(event('execution.failed', { path: 'a' }))).toBeNull();
  expect(eventNote(event('node.started', { path: 'a', attempt: 2 }))).toBe('attempt 2');
  expect(eventNote(event('node.failed', { error: { code: 'timeout', message: 'slow' } }))).toBe('slow (timeout)');
  expect(eventNote(event('node.waiting', { for: { kind: 'approval' } }))).toBe('for approval');
  expect(eventNote(event('node.completed', { port: 'true' }))).toBe('by true');
});

test('of a list that was left out it says how many it had', () => {
  const opened = event('container.opened', { path: 'each' });
  const omitted = [{ field: 'iteration.items', bytes: 9_000, items: 3_000 }];
  expect(eventNote({ ...opened, omitted })).toBe('3000 iterations');
  const gathered = event('execution.gathered', {});
  expect(eventNote({ ...gathered, omitted: [{ field: 'triggers', bytes: 9_000, items: 40 }] })).toBe('40 starts');
});

test.each<[string, object, string]>([
  ['execution.created', { triggerId: 'hook', version: 3 }, 'by hook, on version 3'],
  ['execution.created', { triggerId: 'manual', version: 0, test: {} }, 'by a test'],
  ['execution.gathered', { triggers: [1, 2] }, '2 starts'],
  ['execution.started', {}, ''],
  ['execution.retried', { reason: 'mended', from: 'pay' }, 'from pay: mended'],
  ['execution.retried', { reason: 'mended' }, 'mended'],
  ['node.failed', { error: { code: 'timeout', message: 'slow' }, port: 'error' }, 'slow (timeout), went on by error'],
  ['node.failed', { error: { code: 'timeout', message: 'slow' }, port: null }, 'slow (timeout)'],
  ['node.signaled', { heard: { timer: 'remind' } }, 'its timer remind rang'],
  ['node.signaled', { heard: { answer: true } }, 'was answered'],
  ['container.opened', { iteration: { items: ['a', 'b', 'c'] } }, '3 iterations'],
  ['container.opened', { iteration: { total: 1 } }, '1 iteration'],
  ['container.opened', { iteration: { limit: 1 } }, ''],
  ['response.sent', { response: { status: 201 } }, 'status 201'],
  ['message.emitted', { message: { type: 'order.paid' } }, 'order.paid'],
  ['node.compensating', { of: 'charge' }, 'undoes charge'],
])('%s %j says %j', (type, data, note) => expect(eventNote(event(type, data))).toBe(note));

test('a moment that comes is told with its date', () => {
  const until = Date.UTC(2026, 11, 24, 12);
  const error = { code: 'timeout', message: 'slow' };
  for (const note of [
    eventNote(event('node.waiting', { for: { timerId: 't', until } })),
    eventNote(event('execution.started', { deadline: { timerId: 't', at: until } })),
    eventNote(event('node.retrying', { attempt: 1, error, timerId: 't', until })),
  ]) {
    expect(note).toMatch(/2026/);
  }
});
