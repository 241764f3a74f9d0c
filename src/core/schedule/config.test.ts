import { expect, test } from 'vitest';
import { scheduleConfig } from './config.ts';

const faults = (config: object): [string, string][] =>
  (scheduleConfig.safeParse(config).error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]);

test.each([
  { cron: '0 8 * * *' },
  { cron: '*/10 0 8 * * mon-fri', timezone: 'Europe/Berlin' },
  { cron: '@daily', overlap: 'queue', missed: 'all', maxMissed: 1_000, jitter: '24h' },
  { every: '1s' },
  { every: '1h30m', window: { days: ['mon'], hours: '22:00-06:00', except: ['2028-02-29'] } },
  { at: '2027-01-31T08:00:00+02:00' },
  { at: '2001-01-31T08:00:00', timezone: 'America/New_York' },
])('takes %j', (config) => expect(faults(config)).toEqual([]));

test.each<[object, string, string]>([
  [{}, '', 'takes one of cron, every and at'],
  [{ cron: '@daily', every: '1h' }, '', 'takes one of cron, every and at'],
  [{ cron: '61 * * * *' }, 'cron', 'is no pattern: Invalid value for minute: 61'],
  [{ cron: '* * * *' }, 'cron', 'takes 5 fields (minute hour day month weekday), or 6 with the second first'],
  [{ cron: '0 0 0 1 1 * 2030' }, 'cron', 'takes 5 fields (minute hour day month weekday), or 6 with the second first'],
  [{ cron: '@dialy' }, 'cron', 'takes one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly'],
  [{ cron: '0 0 31 2 *' }, 'cron', 'names no time that ever comes'],
  [{ every: '999ms' }, 'every', 'must be 1s or longer'],
  [{ every: '5' }, 'every', 'not a duration: it has no unit; write it like 500ms, 90s, 15m, 24h, 3d, 2w or 1h30m'],
  [{ at: '2026-01-01' }, 'at', 'takes a time such as 2027-01-31T08:00:00Z or +02:00'],
  [{ every: '1h', timezone: 'Mars/Olympus' }, 'timezone', 'takes an IANA time zone such as Europe/Berlin'],
  [{ every: '1h', window: { days: [] } }, 'window.days', 'without a day it never opens; leave it out for every day'],
  [
    { every: '1h', window: { hours: '9-17' } },
    'window.hours',
    'takes hours such as 08:00-18:00, or 22:00-06:00 over midnight',
  ],
  [{ every: '1h', window: { hours: '09:00-09:00' } }, 'window.hours', 'never opens: it ends when it begins'],
  [{ every: '1h', window: { except: ['2026-02-30'] } }, 'window.except.0', 'is no date'],
  [{ every: '1h', window: { except: ['2026-99-99'] } }, 'window.except.0', 'is no date'],
  [{ cron: '0 3 * * *', window: { hours: '09:00-17:00' } }, 'window', 'never opens at a time of this schedule'],
  [{ at: '2027-01-02T03:00:00Z', window: { days: ['mon'] } }, 'window', 'never opens at a time of this schedule'],
  [{ every: '1h', jitter: '25h' }, 'jitter', 'is at most 24h'],
])('refuses %j at %s', (config, path, message) => expect(faults(config)).toEqual([[path, message]]));

test('refuses what it does not know', () => {
  expect(faults({ every: '1h', overlap: 'wait' })).toHaveLength(1);
  expect(faults({ every: '1h', maxMissed: 0 })).toHaveLength(1);
  expect(faults({ every: '1h', zone: 'UTC' })).toHaveLength(1);
});
