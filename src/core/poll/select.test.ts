import { expect, test } from 'vitest';
import { byCursor, byHash, type Cursor, compare, type Item, type Known, MOST_STARTS, tooManyKept } from './select.ts';

const at = (cursor: Cursor, id = String(cursor)): Item => ({ value: id, id, hash: `#${id}`, cursor });
const row = (id: string, hash = `#${id}`): Item => ({ value: id, id, hash });
const known = (cursor: Cursor | null = null, seen: Record<string, string> = {}): Known => ({
  ...{ cursor, seen: new Map(Object.entries(seen)), begun: cursor !== null },
});
const idsOf = (items: readonly Pick<Item, 'id'>[]) => items.map(({ id }) => id);
const many = (count: number, of: (index: number) => Item) => Array.from({ length: count }, (_, index) => of(index));

test('without a cursor all items are new, in the order of their cursors', () => {
  const { fresh, remember, ...rest } = byCursor([at(3), at(1), at(2)], known(), false);
  expect(idsOf(fresh)).toEqual(['1', '2', '3']);
  expect(idsOf(remember)).toEqual(['3']);
  expect(rest).toEqual({ cursor: 3, forget: true, more: false });
});

test('beyond the cursor, and at it only those that were not there before', () => {
  const list = [at(1), at(2, 'seen'), at(2, 'late'), at(3)];
  const { fresh, remember, cursor } = byCursor(list, known(2, { seen: '#seen' }), false);
  expect(idsOf(fresh)).toEqual(['late', '3']);
  expect([idsOf(remember), cursor]).toEqual([['3'], 3]);
});

test('items that come late at the cursor are remembered beside the others', () => {
  const selection = byCursor([at(2, 'seen'), at(2, 'late'), at(2, 'late')], known(2, { seen: '#seen' }), false);
  expect(idsOf(selection.fresh)).toEqual(['late']);
  expect(selection).toMatchObject({ cursor: 2, forget: false, more: false });
  expect(idsOf(selection.remember)).toEqual(['late']);
});

test('nothing new changes nothing', () => {
  const nothing = { fresh: [], remember: [], forget: false, more: false };
  expect(byCursor([], known('b'), false)).toEqual({ ...nothing, cursor: 'b' });
  expect(byCursor([at('a')], known('b'), false)).toEqual({ ...nothing, cursor: 'b' });
  expect(byHash([row('a')], known(null, { a: '#a' }), false)).toEqual({ ...nothing, cursor: null });
});

test('of more than one poll may start, items of one cursor stay together', () => {
  const even = byCursor(many(MOST_STARTS + 1, at), known(), false);
  expect([even.fresh.length, even.cursor, even.more]).toEqual([MOST_STARTS, MOST_STARTS - 1, true]);
  const pairs = many(MOST_STARTS + 1, (index) => at(Math.ceil(index / 2), `id${index}`));
  const cut = byCursor(pairs, known(), false);
  expect([cut.fresh.length, cut.cursor, cut.more]).toEqual([MOST_STARTS - 1, MOST_STARTS / 2 - 1, true]);
});

test('of a source that has more, the last cursor waits', () => {
  const { fresh, cursor, more } = byCursor([at(1), at(2), at(2, 'b')], known(), true);
  expect([idsOf(fresh), cursor, more]).toEqual([['1'], 1, true]);
  expect(() => byCursor([at(2), at(1)], known(), true)).toThrow('order it by the cursor, ascending');
});

test.each([
  ['of a source that has more', [at(1), at(1, 'b')], true],
  ['of a list', many(MOST_STARTS + 1, (index) => at(1, `id${index}`)), false],
  ['that were all there before', [at(1)], true],
])('too many items of one cursor are refused: %s', (_, items, truncated) => {
  expect(() => byCursor(items, known(1, { 1: '#1' }), truncated)).toThrow('have the same cursor');
});

test.each<[Cursor, Cursor, number]>([
  [1, 2, -1],
  [10, 9, 1],
  ['10', '9', 1],
  ['10', 9, 1],
  [2, '2', 0],
  [1.5, 1, 1],
  ['-10', '9', -1],
  ['10', '10', 0],
  ['b', 'a', 1],
  ['2026-01-02T00:00:00Z', '2026-01-10T00:00:00Z', -1],
])('%o against %o', (a, b, order) => {
  expect(compare(a, b)).toBe(order);
});

test('cursors of two kinds are refused', () => {
  expect(() => byCursor([at('a')], known(1), false)).toThrow('The cursor is a string here and a number there.');
});

test('by hash: what is new or another than before', () => {
  const { fresh, remember, ...rest } = byHash(
    [row('same'), row('other', '#2'), row('new'), row('new')],
    known(null, { same: '#same', other: '#1', gone: '#gone' }),
    false,
  );
  expect(idsOf(fresh)).toEqual(['other', 'new']);
  expect(remember).toEqual(fresh);
  expect(rest).toEqual({ cursor: null, forget: false, more: false });
});

test('by hash: the rest comes with the next poll', () => {
  const { fresh, remember, more } = byHash(
    many(MOST_STARTS + 1, (index) => row(`id${index}`)),
    known(),
    false,
  );
  expect([fresh.length, remember.length, more]).toEqual([MOST_STARTS, MOST_STARTS, true]);
});

test('by hash: a list that is not whole, and ids that are none, are refused', () => {
  expect(() => byHash([row('a')], known(), true)).toThrow('lists more than 10000 items');
  expect(() => byHash([row('a', '#1'), row('a', '#2')], known(), false)).toThrow('have the same id');
  expect(tooManyKept().message).toContain('more than 100000 items');
});
