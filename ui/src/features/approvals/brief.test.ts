import { expect, test } from 'vitest';
import { briefText } from './brief.ts';

test('fields are read as words', () => {
  expect(briefText('{"amount":40,"to":"Ada Byron","tags":["a","b"]}')).toBe('amount: 40 · to: Ada Byron · tags: a · b');
});

test('a cut text is no fault', () => {
  expect(briefText('{"note":"it said \\"no')).toBe('note: it said "no');
  expect(briefText('{"note":"line\\')).toBe('note: line');
  expect(briefText('{"body":{"who":"Chima…')).toBe('body: who: Chima…');
});

test('colons and commas in a text stay', () => {
  expect(briefText('{"at":"12:30, tomorrow"}')).toBe('at: 12:30, tomorrow');
});

test('nothing to see is nothing', () => {
  expect(briefText(null)).toBe('');
  expect(briefText('null')).toBe('');
  expect(briefText('{"lines":[]}')).toBe('');
  expect(briefText('{"a":1,"lines":[],"b":{},"c":2}')).toBe('a: 1 · c: 2');
});
