import { expect, test } from 'vitest';
import type { SessionQuery } from '../../ports/sessions.ts';
import { newId } from '../../testing/factories.ts';
import { type Counts, isWalked, wayTo } from './list-ways.ts';
import { termOf, termsToFind } from './session-terms.ts';

const projectId = newId();
const query = (of: Partial<SessionQuery>): SessionQuery => ({ projectId, limit: 50, ...of });
const pair = (...tags: string[]): string => termsToFind(query({ tags }))[0]![0]!;
const counts: Counts = {
  known: new Map([
    [termOf(projectId, 'tag', 'red'), 300_000],
    [termOf(projectId, 'tag', 'big'), 100_000],
    [termOf(projectId, 'tag', 'odd'), 90_000],
    [termOf(projectId, 'user', 'kiosk'), 50_000],
    [pair('red', 'big'), 40_000],
    [pair('red', 'odd'), 1_200],
    [pair('big', 'odd'), 9_000],
    [termsToFind(query({ tags: ['big'], agent: 'sales' }))[0]![0]!, 60_000],
    [termsToFind(query({ tags: ['big'], category: 'x' }))[0]![0]!, 1_500],
    [termsToFind(query({ agent: 'sales', category: 'x' }))[0]![0]!, 20_000],
  ]),
  least: 400,
  all: 1_000_000,
};
const way = (of: Partial<SessionQuery>) => wayTo(query(of), counts);

test('two that meet are found on the way through the rarer, as far as it takes where it is known how often', () => {
  expect(way({ tags: ['red', 'big'] })).toEqual({ tag: 'big', of: 100_000, reach: 500 });
  expect(way({ tags: ['big', 'odd'] })).toEqual({ tag: 'odd', of: 90_000, reach: 750 });
  expect(way({ tags: ['red', 'odd'] })).toEqual({ tag: 'odd', of: 90_000, reach: 3_750 * 1.5 });
});

test('those that seldom meet are found by their terms, or looked for nearby where that may be wrong', () => {
  expect(way({ tags: ['big'], agent: 'sales', category: 'x' })).toEqual({ tag: 'big', of: 100_000, reach: 500 });
  expect(way({ tags: ['red'], agent: 'seldom' })).toEqual({ tag: 'red', of: 300_000, reach: 0 });
  expect(way({ userId: 'kiosk', tags: ['rare'] })).toEqual({ tag: undefined, of: 50_000, reach: 0 });
});

test('where one is rare, all that have it are looked at', () => {
  expect(way({ tags: ['red', 'rare', 'big'] })).toEqual({ tag: 'rare', reach: Number.POSITIVE_INFINITY });
  expect(way({ userId: 'ada', tags: ['red', 'big'] })).toEqual({ tag: undefined, reach: Number.POSITIVE_INFINITY });
});

test('without statistics some are looked at', () => {
  const none = { known: new Map(), least: 0, all: 0 };
  expect(wayTo(query({ tags: ['red', 'odd'] }), none)).toEqual({ tag: 'red', reach: 500 });
});

test('it is gone on where so many fit that the page ends sooner than those that fit are found by their terms', () => {
  expect(isWalked(50, 0.02, 100_000)).toBe(true);
  expect(isWalked(50, 0.01, 100_000)).toBe(false);
  expect(isWalked(50, 0, 100_000)).toBe(false);
  expect(isWalked(50, 0.01, undefined)).toBe(true);
  expect(isWalked(50, 0.008, undefined)).toBe(false);
});
