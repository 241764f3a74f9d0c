import { expect, test } from 'vitest';
import { checkCut, isMet } from './pages.ts';

test.each<[readonly (string | number)[], string | number | null, boolean]>([
  [[9, 8, 7], 8, true],
  [[9, 8, 8], 8, false],
  [[9, 9, 7], 9, true],
  [['b', 'a'], 'b', true],
  [[1, 2, 3], 9, false],
  [[7], 8, false],
  [[9, 5, 6, 4], 5, false],
  [[9, 8], null, false],
  [[], 1, false],
])('%j has passed %j: %s', (cursors, known, met) => {
  expect(isMet(cursors, known)).toBe(met);
});

test('what is cut goes on only where the oldest come first, and something is new', () => {
  const lost = { code: 'limit_exceeded', message: expect.stringContaining('within 3 pages') };
  checkCut([1, 2, 2, 3], 2, 3);
  checkCut([1, 2], null, 3);
  for (const [cursors, known] of [
    [[3, 2, 1], 0],
    [[1, 2, 3], 3],
    [[1, 3, 2], null],
    [[], null],
  ] as const) {
    expect(() => checkCut(cursors, known, 3)).toThrow(expect.objectContaining(lost));
  }
});
