import { expect, test } from 'vitest';
import { aheadOf } from './words.ts';

const run = (state: 'working' | 'stopped' | 'ended', done: number) => ({ state, done, refused: 1, faults: [{}] });

test('where it stopped, it is said what is left, and that going on is safe', () => {
  expect(aheadOf(run('stopped', 3), 12)).toBe('7 are left. Going on is safe: nothing is done twice.');
  expect(aheadOf(run('stopped', 9), 12)).toBe('1 is left. Going on is safe: nothing is done twice.');
  expect(aheadOf(run('stopped', 3), undefined)).toBe('The rest is left. Going on is safe: nothing is done twice.');
});

test('at the end, it is said of how many nobody heard', () => {
  expect(aheadOf(run('ended', 3), 12)).toBe('7 had changed meanwhile and needed nothing');
  expect(aheadOf(run('ended', 10), 12)).toBe('');
  expect(aheadOf(run('ended', 40), 12)).toBe('');
  expect(aheadOf(run('working', 3), 12)).toBe('');
});
