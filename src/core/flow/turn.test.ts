import { expect, test } from 'vitest';
import { byTurn, FIRST_TURN, lastTurn } from './turn.ts';

const rows = (...projectIds: string[]) => projectIds.map((projectId) => ({ projectId }));

test('turns go round from the project behind the last', () => {
  expect(['c', 'a', 'b', 'd'].sort(byTurn('b'))).toEqual(['c', 'd', 'a', 'b']);
  expect(['c', 'a', 'b'].sort(byTurn(FIRST_TURN))).toEqual(['a', 'b', 'c']);
  expect(byTurn('b')('a', 'a')).toBe(0);
});

test('the last is who got the one more', () => {
  expect(lastTurn('a', rows('b', 'c'))).toBe('c');
  expect(lastTurn('b', rows('a', 'c'))).toBe('a');
  expect(lastTurn(FIRST_TURN, rows('a', 'b', 'c', 'a', 'b'))).toBe('b');
  expect(lastTurn('a', [])).toBe('a');
});
