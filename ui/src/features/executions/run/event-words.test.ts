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
