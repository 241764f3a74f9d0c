import { expect, test } from 'vitest';
import { queryOf, statusesOf } from './execution-search.ts';

test('several statuses stand in one text of the address, and go to the API one by one', () => {
  expect(statusesOf('failed,compensation_failed')).toEqual(['failed', 'compensation_failed']);
  expect(statusesOf(undefined)).toEqual([]);
  expect(queryOf({ status: 'failed,canceled', code: 'node_timeout' })).toEqual({
    status: ['failed', 'canceled'],
    code: 'node_timeout',
  });
  expect(queryOf({ workflow: 'orders' })).toEqual({ workflow: 'orders' });
  expect(queryOf({ status: 'failed,lost' })).toEqual({ status: 'failed,lost' });
});
