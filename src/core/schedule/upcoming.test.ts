import { expect, test } from 'vitest';
import { upcoming } from './upcoming.ts';

const FROM = Date.parse('2026-10-24T12:00:00Z');

test('the next times, in UTC and as the clocks show them', () => {
  expect(upcoming({ cron: '0 8 * * *', timezone: 'Europe/Berlin' }, FROM, 2)).toEqual([
    { at: '2026-10-25T07:00:00.000Z', local: '2026-10-25T08:00:00+01:00' },
    { at: '2026-10-26T07:00:00.000Z', local: '2026-10-26T08:00:00+01:00' },
  ]);
  expect(upcoming({ cron: '@daily', timezone: 'America/St_Johns' }, FROM, 1)[0]?.local).toBe(
    '2026-10-25T00:00:00-02:30',
  );
  expect(upcoming({ every: '6h' }, FROM, 1)).toEqual([
    { at: '2026-10-24T18:00:00.000Z', local: '2026-10-24T18:00:00+00:00' },
  ]);
});

test('are as many as there are', () => {
  expect(upcoming({ at: '2026-10-24T12:00:01Z' }, FROM, 10)).toHaveLength(1);
  expect(upcoming({ at: '2026-10-24T12:00:00Z' }, FROM, 10)).toEqual([]);
});
