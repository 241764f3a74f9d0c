import { expect, test } from 'vitest';
import { natsTriggerConfig } from './nats.ts';

const faults = (fields: object) =>
  natsTriggerConfig
    .safeParse({ connection: 'c', subject: 'orders.*', ...fields })
    .error?.issues.map(({ path, message }) => `${path}: ${message}`) ?? [];

test.each([{}, { stream: 'ORDERS', group: 'shop' }, { from: 'latest' }, { fromSequence: 7 }])('takes %j', (fields) => {
  expect(faults(fields)).toEqual([]);
});

test.each([
  [{ subject: 'a b' }, 'subject: takes words'],
  [{ stream: 'a.b' }, 'stream: takes the name'],
  [{ group: 'a.b' }, 'group: is the name of a consumer'],
  [{ from: 'earliest', fromSequence: 7 }, 'fromSequence: takes the place'],
  [{ fromSequence: 0 }, 'fromSequence: '],
])('refuses %j', (fields, words) => {
  expect(faults(fields).join()).toContain(words);
});
