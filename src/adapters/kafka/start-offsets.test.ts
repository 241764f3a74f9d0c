import { expect, test } from 'vitest';
import { startOf } from './start-offsets.ts';

const BOUNDS = { first: 10n, end: 50n };
const none = new Map<number, bigint>();

test.each<[object, bigint]>([
  [{}, 50n],
  [{ from: 'latest' }, 50n],
  [{ from: 'earliest' }, 10n],
  [{ fromOffset: { '3': 20 } }, 20n],
  [{ fromOffset: { '3': 5 } }, 10n],
  [{ fromOffset: { '3': 99 } }, 50n],
  [{ from: 'earliest', fromOffset: { '4': 20 } }, 10n],
])('a group that has read nothing begins, with %j, at %s', (config, offset) => {
  expect(startOf(3, { committed: none, remembered: none }, BOUNDS, config)).toBe(offset);
});

test('one that has read goes on where it is, whatever the config says by now', () => {
  expect(
    startOf(3, { committed: new Map([[3, 20n]]), remembered: none }, BOUNDS, {
      from: 'earliest',
      fromOffset: { '3': 40 },
    }),
  ).toBeUndefined();
  expect(startOf(3, { committed: new Map([[3, 50n]]), remembered: none }, BOUNDS, {})).toBeUndefined();
});

test('a partition that was added later is read from its beginning', () => {
  expect(startOf(3, { committed: new Map([[0, 20n]]), remembered: none }, BOUNDS, { from: 'latest' })).toBe(10n);
});

test('what is gone, or of another topic of that name, is begun anew', () => {
  expect(startOf(3, { committed: new Map([[3, 9n]]), remembered: none }, BOUNDS, {})).toBe(10n);
  expect(startOf(3, { committed: new Map([[3, 51n]]), remembered: none }, BOUNDS, {})).toBe(10n);
});

test('one that Kafka has forgotten goes on where it was, as far as that is still there', () => {
  const at = (remembered: Map<number, bigint>) =>
    startOf(3, { committed: none, remembered }, BOUNDS, { from: 'latest' });
  expect(at(new Map([[3, 20n]]))).toBe(20n);
  expect(at(new Map([[3, 9n]]))).toBe(10n);
  expect(at(new Map([[3, 51n]]))).toBe(10n);
  expect(at(new Map([[0, 20n]]))).toBe(10n);
  const both = { committed: new Map([[3, 30n]]), remembered: new Map([[3, 20n]]) };
  expect(startOf(3, both, BOUNDS, {})).toBeUndefined();
});
