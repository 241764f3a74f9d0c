import { expect, test } from 'vitest';
import { aheadWords, conditionOf, countdown, titleOf, waitWords } from './wait-words.ts';

test.each([
  [0, '0:00'],
  [-5, '0:00'],
  [1, '0:01'],
  [65_000, '1:05'],
  [3_661_000, '1:01:01'],
  [90_061_000, '1 d 1:01:01'],
])('%i ms are %s', (ms, text) => {
  expect(countdown(ms)).toBe(text);
});

test('each wait has its words', () => {
  expect(waitWords({ reason: 'event', details: { type: 'payment.settled' } })).toBe(
    'waits for a message of type payment.settled',
  );
  expect(waitWords({ reason: 'capacity', lane: 'session "u1"' })).toBe(
    'Waits for a place: the limit of session "u1" is reached',
  );
  expect([0, 1, 7, 1_000].map(aheadWords)).toEqual([
    'it is the next',
    '1 is ahead',
    '7 are ahead',
    '1,000 or more are ahead',
  ]);
});

test('what an approval asks, and what must be true of a message', () => {
  expect(titleOf({ title: 'Refund?' })).toBe('Refund?');
  expect(titleOf(null)).toBeNull();
  expect(conditionOf({ match: { condition: '{{ $event.ok }}' } })).toBe('{{ $event.ok }}');
  expect(conditionOf({ match: null })).toBeNull();
});
