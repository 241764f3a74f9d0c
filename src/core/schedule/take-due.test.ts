import { describe, expect, test } from 'vitest';
import type { ScheduleConfig } from './schedule.ts';
import { firstDue, takeDue } from './take-due.ts';

const ms = (text: string) => Date.parse(`2026-11-27T${text}Z`);
const hour = (at: number) => new Date(at).toISOString().slice(11, 19);

/** What fires at `now`, and what comes next; a time that makes up for missed ones says for how many. */
function taken(config: ScheduleConfig, at: string, now: string): [string[], string | undefined] {
  const { firings, next } = takeDue(config, 't', ms(at), ms(now));
  const said = firings.map((one) => hour(one.at) + (one.missed === undefined ? '' : ` for ${one.missed}`));
  return [said, next === null ? undefined : hour(next.at)];
}

test('the first time is the one after a moment', () => {
  expect(firstDue({ every: '1h' }, 't', ms('08:00:00'))).toEqual({ at: ms('09:00:00'), dueAt: ms('09:00:00') });
  expect(firstDue({ at: '2026-11-27T08:00:00Z' }, 't', ms('08:00:00'))).toBeNull();
});

test('a time fires when it comes, and the next is awaited', () => {
  expect(taken({ every: '1h' }, '08:00:00', '08:00:00')).toEqual([['08:00:00'], '09:00:00']);
  expect(taken({ every: '1h' }, '08:00:00', '07:59:59')).toEqual([[], '08:00:00']);
  expect(taken({ at: '2026-11-27T08:00:00Z' }, '08:00:00', '08:00:01')).toEqual([['08:00:00'], undefined]);
});

test('several that came within a minute fire each', () => {
  expect(taken({ every: '20s' }, '08:00:00', '08:00:50')).toEqual([['08:00:00', '08:00:20', '08:00:40'], '08:01:00']);
});

test('a time fires late for up to five minutes, as long as none after it has come', () => {
  expect(taken({ every: '1h' }, '08:00:00', '08:04:59')).toEqual([['08:00:00'], '09:00:00']);
  expect(taken({ every: '2m' }, '08:00:00', '08:03:30')).toEqual([['08:02:00'], '08:04:00']);
});

describe('missed times', () => {
  test('are left out', () => {
    expect(taken({ every: '1h' }, '08:00:00', '08:05:00')).toEqual([[], '09:00:00']);
    expect(taken({ every: '1h' }, '03:00:00', '08:01:00')).toEqual([['08:00:00'], '09:00:00']);
    expect(taken({ at: '2026-11-27T08:00:00Z' }, '08:00:00', '09:00:00')).toEqual([[], undefined]);
  });

  test('are made up for by one', () => {
    const config = { every: '1h', missed: 'one' } as const;
    expect(taken(config, '03:00:00', '08:30:00')).toEqual([['08:00:00 for 6'], '09:00:00']);
    expect(taken(config, '03:00:00', '08:01:00')).toEqual([['07:00:00 for 5', '08:00:00'], '09:00:00']);
    expect(taken({ ...config, maxMissed: 2 }, '03:00:00', '08:30:00')).toEqual([['08:00:00 for 2'], '09:00:00']);
    expect(taken({ at: '2026-11-27T08:00:00Z', missed: 'one' }, '08:00:00', '09:00:00')).toEqual([
      ['08:00:00 for 1'],
      undefined,
    ]);
  });

  test('are made up for by each, the newest where there are too many', () => {
    const config = { every: '1h', missed: 'all' } as const;
    const all = ['06:00:00 for 1', '07:00:00 for 1', '08:00:00 for 1'];
    expect(taken(config, '06:00:00', '08:30:00')).toEqual([all, '09:00:00']);
    expect(taken({ ...config, maxMissed: 2 }, '01:00:00', '08:30:00')).toEqual([all.slice(1), '09:00:00']);
    expect(takeDue({ every: '1s', missed: 'all' }, 't', ms('01:00:00'), ms('08:30:00')).firings.length).toBe(100 + 61);
  });

  test('are none while their jitter holds them', () => {
    const config = { every: '24h', jitter: '10h', missed: 'one' } as const;
    const { dueAt } = firstDue(config, 't', ms('00:00:00') - 1)!;
    expect(dueAt).toBeGreaterThan(ms('00:10:00'));
    expect(takeDue(config, 't', ms('00:00:00'), dueAt - 1)).toEqual({
      firings: [],
      next: { at: ms('00:00:00'), dueAt },
    });
    expect(takeDue(config, 't', ms('00:00:00'), dueAt).firings).toEqual([{ at: ms('00:00:00'), dueAt }]);
  });
});
