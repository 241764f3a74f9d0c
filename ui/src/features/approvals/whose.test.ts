import { expect, test } from 'vitest';
import { forMe, isMine } from './whose.ts';

const NOBODY = { name: '', groups: [] };
const ANA = { name: 'ana', groups: ['leads'] };

test('the inbox is of whoever is known, unless the address says all or names somebody', () => {
  expect(isMine({}, NOBODY)).toBe(false);
  expect(isMine({ whose: 'mine' }, NOBODY)).toBe(true);
  expect(isMine({}, ANA)).toBe(true);
  expect(isMine({ whose: 'all' }, ANA)).toBe(false);
  expect(isMine({ whose: 'mine', assignee: 'bo' }, ANA)).toBe(false);
});

test('the API is asked for the person and the groups', () => {
  expect(forMe({}, ANA)).toEqual({ for: ['ana', 'leads'] });
  expect(forMe({ whose: 'mine' }, NOBODY)).toEqual({});
  expect(forMe({ whose: 'all' }, ANA)).toEqual({});
});
