import { expect, test } from 'vitest';
import { filterOf, isFiltered, openOf } from './letter-search.ts';

test('what is new is shown, unless the address says otherwise', () => {
  expect(filterOf({})).toEqual({ status: 'NEW' });
  expect(filterOf({ status: 'all', category: 'auth' })).toEqual({ category: 'auth' });
  expect(filterOf({ status: 'RETRIED', workflow: 'w', fingerprint: 'f' })).toEqual({
    status: 'RETRIED',
    workflow: 'w',
    fingerprint: 'f',
  });
});

test('what is no word of the API is left out', () => {
  expect(filterOf({ status: 'odd', category: 'odd' })).toEqual({});
});

test('of any status, those that are open are acted on', () => {
  expect(openOf({ workflow: 'w' })).toEqual([
    { workflow: 'w', status: 'NEW' },
    { workflow: 'w', status: 'REVIEWED' },
  ]);
  expect(openOf({ status: 'NEW' })).toEqual([{ status: 'NEW' }]);
});

test('a view is no filter', () => {
  expect(isFiltered({ view: 'list' })).toBe(false);
  expect(isFiltered({ status: 'all' })).toBe(true);
});
