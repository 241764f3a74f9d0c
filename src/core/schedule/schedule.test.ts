import { IANAZone } from 'luxon';
import { describe, expect, test, vi } from 'vitest';
import type { ScheduleConfig } from './schedule.ts';
import { momentOf, scheduleOf } from './schedule.ts';

/** The first times after a moment, in UTC, to the minute. */
function times(config: ScheduleConfig, after: string, count = 4): string[] {
  const schedule = scheduleOf(config);
  const found: string[] = [];
  let at: number | null = Date.parse(after);
  while (found.length < count) {
    at = schedule.next(at);
    if (at === null) return found;
    found.push(new Date(at).toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

const BERLIN = { timezone: 'Europe/Berlin' };
const NEW_YORK = { timezone: 'America/New_York' };
const LORD_HOWE = { timezone: 'Australia/Lord_Howe' };

describe('a pattern', () => {
  test.each<[string, string[]]>([
    ['0 8 * * mon-fri', ['2026-11-27T08:00Z', '2026-11-30T08:00Z']],
    ['*/20 * * * * *', ['2026-11-27T00:00:20.000Z', '2026-11-27T00:00:40.000Z']],
    ['@daily', ['2026-11-28T00:00Z', '2026-11-29T00:00Z']],
    ['@Hourly', ['2026-11-27T01:00Z', '2026-11-27T02:00Z']],
    ['@weekly', ['2026-11-29T00:00Z', '2026-12-06T00:00Z']],
    ['0 0 L * *', ['2026-11-30T00:00Z', '2026-12-31T00:00Z']],
    ['0 0 29 2 *', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['15 * 29 2 *', ['2028-02-29T00:15Z', '2028-02-29T01:15Z']],
  ])('%s', (cron, expected) => expect(times({ cron }, '2026-11-27T00:00:00Z', 2)).toEqual(expected));

  test('ends where no time comes', () => {
    expect(times({ cron: '0 0 31 2 *' }, '2026-01-01T00:00:00Z')).toEqual([]);
    expect(times({ cron: '0 * 31 2 *' }, '2026-01-01T00:00:00Z')).toEqual([]);
  });
});

describe('where clocks go forward, a time that does not exist fires once, at the next moment that does', () => {
  test.each<[string, ScheduleConfig, string, string[]]>([
    ['Berlin', BERLIN, '2026-03-28T00:00:00Z', ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z']],
    ['New York', NEW_YORK, '2026-03-07T00:00:00Z', ['2026-03-07T07:30Z', '2026-03-08T07:00Z', '2026-03-09T06:30Z']],
  ])('%s', (_, zone, after, expected) => expect(times({ cron: '30 2 * * *', ...zone }, after, 3)).toEqual(expected));

  test('Lord Howe, by half an hour', () => {
    const expected = ['2026-10-02T15:45Z', '2026-10-03T15:30Z', '2026-10-04T15:15Z'];
    expect(times({ cron: '15 2 * * *', ...LORD_HOWE }, '2026-10-02T00:00:00Z', 3)).toEqual(expected);
  });

  test('several of them are one', () => {
    const expected = ['2026-03-29T01:00Z', '2026-03-30T00:00Z'];
    expect(times({ cron: '*/20 2 * * *', ...BERLIN }, '2026-03-28T02:00:00Z', 2)).toEqual(expected);
  });
});

describe('where clocks go back, a time that comes twice fires once, at the first', () => {
  test.each<[string, ScheduleConfig, string, string[]]>([
    [
      'Berlin',
      { cron: '30 2 * * *', ...BERLIN },
      '2026-10-24T00:00:00Z',
      ['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ],
    [
      'New York',
      { cron: '30 1 * * *', ...NEW_YORK },
      '2026-10-31T05:00:00Z',
      ['2026-10-31T05:30Z', '2026-11-01T05:30Z', '2026-11-02T06:30Z'],
    ],
    [
      'Lord Howe, by half an hour',
      { cron: '45 1 * * *', ...LORD_HOWE },
      '2026-04-03T00:00:00Z',
      ['2026-04-03T14:45Z', '2026-04-04T14:45Z', '2026-04-05T15:15Z'],
    ],
  ])('%s', (_, config, after, expected) => expect(times(config, after, 3)).toEqual(expected));

  test('also when asked within the second', () => {
    const config = { cron: '*/20 2 * * *', ...BERLIN };
    expect(times(config, '2026-10-25T01:10:00Z', 1)).toEqual(['2026-10-26T01:00Z']);
  });
});

describe('patterns of every hour and intervals go on by real time', () => {
  const hourly = { cron: '15 * * * *' };
  test.each<[string, ScheduleConfig, string, string[]]>([
    [
      'Berlin, forward',
      BERLIN,
      '2026-03-29T00:00:00Z',
      ['2026-03-29T00:15Z', '2026-03-29T01:15Z', '2026-03-29T02:15Z'],
    ],
    ['Berlin, back', BERLIN, '2026-10-25T00:00:00Z', ['2026-10-25T00:15Z', '2026-10-25T01:15Z', '2026-10-25T02:15Z']],
    ['New York, forward', NEW_YORK, '2026-03-08T06:00:00Z', ['2026-03-08T06:15Z', '2026-03-08T07:15Z']],
    ['New York, back', NEW_YORK, '2026-11-01T05:00:00Z', ['2026-11-01T05:15Z', '2026-11-01T06:15Z']],
    // From 02:00 to 02:30 there is no quarter past two.
    ['Lord Howe, forward', LORD_HOWE, '2026-10-03T14:00:00Z', ['2026-10-03T14:45Z', '2026-10-03T16:15Z']],
    // From 02:00 back to 01:30: a quarter past comes an hour and a half later.
    ['Lord Howe, back', LORD_HOWE, '2026-04-04T14:00:00Z', ['2026-04-04T14:15Z', '2026-04-04T15:45Z']],
  ])('%s', (_, zone, after, expected) =>
    expect(times({ ...hourly, ...zone }, after, expected.length)).toEqual(expected),
  );

  test('an interval is counted from the epoch, whatever the zone', () => {
    const expected = ['2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z'];
    expect(times({ every: '30m', ...BERLIN }, '2026-03-29T00:12:00Z', 3)).toEqual(expected);
    expect(times({ every: '1d', ...BERLIN }, '2026-03-29T00:00:00Z', 1)).toEqual(['2026-03-30T00:00Z']);
  });
});

describe('a date', () => {
  test.each<[string, string | undefined, string]>([
    ['2027-01-31T08:00:00Z', 'Europe/Berlin', '2027-01-31T08:00Z'],
    ['2027-01-31T08:00:00+02:00', 'Europe/Berlin', '2027-01-31T06:00Z'],
    ['2027-01-31T08:00:00', 'Europe/Berlin', '2027-01-31T07:00Z'],
    ['2027-01-31T08:00:00', undefined, '2027-01-31T08:00Z'],
    ['2027-03-28T02:30:00', 'Europe/Berlin', '2027-03-28T01:00Z'],
  ])('%s (%s) comes once', (at, timezone, expected) => {
    expect(times({ at, timezone }, '2027-01-01T00:00:00Z')).toEqual([expected]);
    expect(momentOf(at, timezone)).toBe(Date.parse(expected.replace('Z', ':00Z')));
  });
});

describe('a window', () => {
  const hourly = { cron: '0 * * * *', ...BERLIN };
  test('has days, hours and dates that it leaves out', () => {
    const window = { days: ['mon' as const, 'fri' as const], hours: '09:00-11:00', except: ['2026-11-30'] };
    const expected = ['2026-11-27T08:00Z', '2026-11-27T09:00Z', '2026-12-04T08:00Z', '2026-12-04T09:00Z'];
    expect(times({ ...hourly, window }, '2026-11-26T00:00:00Z')).toEqual(expected);
  });

  test('over midnight belongs to the day on which it began', () => {
    const window = { days: ['fri' as const], hours: '22:00-02:00' };
    const expected = ['2026-11-27T21:00Z', '2026-11-27T22:00Z', '2026-11-27T23:00Z', '2026-11-28T00:00Z'];
    expect(times({ ...hourly, window }, '2026-11-26T12:00:00Z', 5)).toEqual([...expected, '2026-12-04T21:00Z']);
  });

  test('may end at midnight', () => {
    const window = { hours: '23:00-24:00' };
    expect(times({ every: '30m', window }, '2026-11-26T12:00:00Z', 3)).toEqual([
      '2026-11-26T23:00Z',
      '2026-11-26T23:30Z',
      '2026-11-27T23:00Z',
    ]);
  });

  test('opens again where clocks go back into it', () => {
    const window = { hours: '01:00-02:30' };
    const expected = ['2026-10-25T00:15Z', '2026-10-25T01:00Z', '2026-10-25T01:15Z', '2026-10-26T00:00Z'];
    expect(times({ every: '15m', window, ...BERLIN }, '2026-10-25T00:00:00Z')).toEqual(expected);
  });

  test('that is closed at all times leaves none', () => {
    expect(times({ cron: '0 3 * * *', window: { hours: '09:00-17:00' } }, '2026-01-01T00:00:00Z')).toEqual([]);
    expect(times({ every: '1h', window: { days: [] } }, '2026-01-01T00:00:00Z')).toEqual([]);
    expect(times({ at: '2026-01-05T03:00:00Z', window: { hours: '09:00-17:00' } }, '2026-01-01T00:00:00Z')).toEqual([]);
  });
});

describe('a search', () => {
  const mondays = { days: ['mon' as const], hours: '09:10-09:11' };
  test.each<[string, ScheduleConfig]>([
    ['a pattern of each day', { cron: '0 3 * * *', window: { hours: '09:00-17:00' } }],
    ['a pattern of a day in the year', { cron: '0 * 1 1 *', window: mondays }],
    ['a pattern of a leap day', { cron: '7 * 29 2 *', window: mondays }],
    ['an interval', { every: '1d', window: mondays }],
  ])('in vain, of %s, asks the time zone data little', (_, config) => {
    const asked = vi.spyOn(IANAZone.prototype, 'offset');
    expect(times({ ...config, ...BERLIN }, '2026-01-01T00:00:00Z')).toEqual([]);
    // A week of 28 years each, and by the hour around changes of the clocks.
    expect(asked.mock.calls.length).toBeLessThan(10_000);
    asked.mockRestore();
  });

  test('finds what is rare', () => {
    const leap = { cron: '0 9 29 2 *', window: { days: ['mon' as const] } };
    expect(times(leap, '2026-01-01T00:00:00Z', 2)).toEqual(['2044-02-29T09:00Z', '2072-02-29T09:00Z']);
    const summer = { every: '1d', window: { hours: '02:00-03:00' }, ...BERLIN };
    expect(times(summer, '2026-10-25T12:00:00Z', 1)).toEqual(['2027-03-29T00:00Z']);
    const drifting = { every: '25h', window: { days: ['mon' as const], hours: '09:00-09:01' } };
    expect(times(drifting, '2026-01-01T00:00:00Z', 1)).toEqual(['2026-05-11T09:00Z']);
  });
});

describe('jitter', () => {
  const at = Date.parse('2026-11-27T08:00:00Z');
  test('is the same for a trigger and a time, and differs between them', () => {
    const { dueAt } = scheduleOf({ cron: '0 8 * * *', jitter: '10m' });
    expect(dueAt(at, 'a')).toBe(dueAt(at, 'a'));
    const all = ['a', 'b', 'c', 'd'].map((id) => dueAt(at, id));
    expect(new Set(all).size).toBe(4);
    for (const due of all) expect(due - at).toBeLessThan(600_000);
    expect(dueAt(at + 86_400_000, 'a') - 86_400_000).not.toBe(dueAt(at, 'a'));
  });

  test('never reaches the next time, and never leads out of the window', () => {
    const often = scheduleOf({ every: '1s', jitter: '1h' });
    for (const id of 'abcdefgh') expect(often.dueAt(at, id)).toBeLessThan(at + 1_000);
    const narrow = scheduleOf({ cron: '0 8 * * *', jitter: '10h', window: { hours: '08:00-08:01' } });
    expect(narrow.dueAt(at, 'a')).toBe(at);
    const once = scheduleOf({ at: '2026-11-27T08:00:00Z', jitter: '10m' });
    expect(once.dueAt(at, 'a')).toBeGreaterThan(at);
    expect(scheduleOf({ every: '1s' }).dueAt(at, 'a')).toBe(at);
  });
});
