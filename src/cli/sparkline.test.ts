import { expect, test } from 'vitest';
import { sparkline } from './sparkline.ts';

test.each([
  [[], ''],
  [[0, 0], '··'],
  [[1, 2, 4, 8], '▁▂▄█'],
  [[0, 1, 1000], '·▁█'],
] as [number[], string][])('%j is %s', (values, text) => expect(sparkline(values)).toBe(text));

test('a long row is summed up', () => {
  expect(sparkline(Array(120).fill(1))).toBe('█'.repeat(60));
  expect([...sparkline(Array(121).fill(1))]).toHaveLength(41);
});
