import { expect, test } from 'vitest';
import { goChord } from './chord.ts';

test('a letter soon after g is the second of two, and only the first letter', () => {
  const chord = goChord();
  const press = (key: string, timeStamp: number) => chord({ key, timeStamp });
  expect(press('e', 1)).toBe(false);
  expect(press('g', 10)).toBe(false);
  expect(press('e', 500)).toBe(true);
  expect(press('e', 501)).toBe(false);
  press('g', 600);
  expect(press('e', 2_000)).toBe(false);
  press('g', 3_000);
  expect(press('g', 4_000)).toBe(false);
  expect(press('e', 5_000)).toBe(true);
});
