import { expect, test } from 'vitest';
import { filterOf } from './filter.ts';

test('what is empty is left out, and a pattern is trimmed', () => {
  expect(filterOf({ type: ' order.* ', topic: '', key: '7' })).toEqual({ type: 'order.*', key: '7' });
  expect(filterOf({})).toEqual({});
});

test('a day begins by the local clock, and a time of it is one', () => {
  expect(filterOf({ from: '2026-07-01', to: '2026-07-02T09:30' })).toEqual({
    from: new Date(2026, 6, 1).toISOString(),
    to: new Date(2026, 6, 2, 9, 30).toISOString(),
  });
});

test('what is no time stays, so that the server can say so', () => {
  expect(filterOf({ from: 'soon' })).toEqual({ from: 'soon' });
});
