import { expect, test } from 'vitest';
import { fitsPattern, MESSAGE_PATTERN, patternRegex } from './message-pattern.ts';

test.each([
  ['order.created', 'order.created', true],
  ['order.created', 'order.created.v2', false],
  ['order.*', 'order.created', true],
  ['order.*', 'order.item.added', true],
  ['order.*', 'order', false],
  ['order.*', 'orders.created', false],
  ['*.failed', 'payment.failed', true],
  ['*.failed', 'card.payment.failed', false],
  ['*.failed', 'payment.done', false],
  ['order.*.added', 'order.item.added', true],
  ['order.*.added', 'order.added', false],
  ['*', 'anything.at.all', true],
])('%s and %s: %s', (pattern, type, fits) => {
  expect(MESSAGE_PATTERN.test(pattern)).toBe(true);
  expect(fitsPattern(pattern, type)).toBe(fits);
  expect(new RegExp(patternRegex(pattern)).test(type)).toBe(fits);
});

test.each(['', 'order.', '.created', 'ord*', '**', 'two words'])('"%s" is no pattern', (text) => {
  expect(MESSAGE_PATTERN.test(text)).toBe(false);
});
