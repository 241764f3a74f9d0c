import { expect, test } from 'vitest';
import { hearTime, serverTime } from './server-time.ts';

test('the time is that of the server, however wrong the clock here is', () => {
  const at = Date.parse('2026-07-01T12:00:00Z');
  const here = at - 5 * 60_000;
  expect(serverTime(here)).toBe(here);
  hearTime('Wed, 01 Jul 2026 12:00:00 GMT', here);
  expect(serverTime(here + 1_000)).toBe(at + 1_000);
  hearTime(null, 0);
  hearTime('yesterday', 0);
  expect(serverTime(here)).toBe(at);
});
