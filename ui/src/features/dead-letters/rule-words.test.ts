import { expect, test } from 'vitest';
import { faultOfDelay, inWords } from './rule-words.ts';

test('a rule is told as what it does', () => {
  expect(inWords({ enabled: true, delay: '5m', limit: 3 })).toBe(
    'Tried again 5m, 10m and 20m after each failure, 3 times at most; then it waits for a person.',
  );
  expect(inWords({ enabled: true, delay: '1h30m', limit: 1 })).toBe(
    'Tried again 1h30m after each failure; then it waits for a person.',
  );
  expect(inWords({ enabled: false, delay: '5m', limit: 3 })).toBe('It waits for a person.');
  expect(inWords({ enabled: true, delay: '5m', limit: 0 })).toBe('It waits for a person.');
});

test('no try is later than 7 days after the failure', () => {
  expect(inWords({ enabled: true, delay: '6d', limit: 2 })).toContain('6d and 7d');
});

test('a delay is from 1 s to 7 days', () => {
  expect(faultOfDelay('15m')).toBeUndefined();
  expect(faultOfDelay('500ms')).toBe('From 1s to 7d');
  expect(faultOfDelay('8d')).toBe('From 1s to 7d');
  expect(faultOfDelay('soon')).toContain('Write it like');
});
