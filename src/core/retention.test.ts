import { describe, expect, test } from 'vitest';
import {
  formatKeep,
  formatRetention,
  overlayRetention,
  parseRetention,
  retentionSchema,
  sweepsOf,
} from './retention.ts';

const DAY = 86_400_000;
const days = (count: number, newest: number | null = null) => ({ ageMs: count * DAY, count: newest });
const forever = { ageMs: null, count: null };
const BASE = parseRetention('completed=30d,failed=90d,canceled=7d');

describe('rules as text', () => {
  test.each([
    ['completed=30d, failed=90d', { completed: days(30), failed: days(90), canceled: forever, compensated: days(90) }],
    ['failed=90d,compensated=1d', { completed: forever, failed: days(90), canceled: forever, compensated: days(1) }],
    ['completed=forever', { completed: forever, failed: forever, canceled: forever, compensated: forever }],
  ])('%s', (text, rules) => {
    expect(parseRetention(text)).toEqual(rules);
  });

  test.each(['', 'forever', ' forever ,'])('%j keeps everything', (text) => {
    expect(sweepsOf(parseRetention(text), 0)).toEqual([]);
  });

  test.each([
    'completed=30d,failed=90d,canceled=30d',
    'completed=1d,compensated=2d,count=10',
    'failed=1d,compensated=forever',
    'count=5',
    'forever',
  ])('%s is written as it is read', (text) => {
    expect(formatRetention(parseRetention(text))).toBe(text);
  });

  test('a count is of every end', () => {
    const rules = parseRetention('completed=1d,count=10');
    expect(rules.completed).toEqual(days(1, 10));
    expect(rules.compensated).toEqual({ ageMs: null, count: 10 });
  });

  test.each([
    'completed',
    'completed=30',
    'running=30d',
    'count=0',
    'count=many',
    'completed=30d=',
    '=30d',
    '__proto__=1',
  ])('%s is refused with what it takes', (text) => {
    const wanted = 'takes forever, or any of completed, failed, canceled, compensated with a duration';
    expect(() => parseRetention(text)).toThrow(wanted);
  });
});

describe('rules of a workflow', () => {
  const over = (settings: object | null) =>
    overlayRetention(BASE, settings === null ? null : retentionSchema.parse(settings));

  test('none leaves those of the server', () => {
    expect(over(null)).toBe(BASE);
    expect(over({})).toEqual(BASE);
  });

  test('what it names counts, the rest stays', () => {
    expect(over({ completed: '7d', canceled: 'forever' })).toEqual({ ...BASE, completed: days(7), canceled: forever });
  });

  test('compensated goes with failed, unless it is named', () => {
    expect(over({ failed: '1d' })).toMatchObject({ failed: days(1), compensated: days(1) });
    expect(over({ failed: '1d', compensated: '2d' })).toMatchObject({ failed: days(1), compensated: days(2) });
  });

  test('counts, for all ends or by end', () => {
    expect(over({ count: 5 })).toEqual({
      completed: days(30, 5),
      failed: days(90, 5),
      canceled: days(7, 5),
      compensated: days(90, 5),
    });
    expect(over({ count: { completed: 5, failed: 6 } })).toEqual({
      completed: days(30, 5),
      failed: days(90, 6),
      canceled: days(7),
      compensated: days(90, 6),
    });
  });
});

test('looks: one for each status that a rule is about', () => {
  const rules = overlayRetention(parseRetention('failed=1d'), retentionSchema.parse({ count: { completed: 3 } }));
  expect(sweepsOf(rules, 10 * DAY)).toEqual([
    { status: 'completed', end: 'completed', endedBefore: null, newest: 3 },
    { status: 'failed', end: 'failed', endedBefore: 9 * DAY, newest: null },
    { status: 'compensation_failed', end: 'failed', endedBefore: 9 * DAY, newest: null },
    { status: 'compensated', end: 'compensated', endedBefore: 9 * DAY, newest: null },
  ]);
});

test.each([
  [days(30), '30d'],
  [days(30, 5), '30d, newest 5'],
  [{ ageMs: null, count: 5 }, 'newest 5'],
  [forever, 'forever'],
])('%j is told as %s', (keep, text) => {
  expect(formatKeep(keep)).toBe(text);
});
