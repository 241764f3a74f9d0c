import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ScheduleConfig } from './schedule.ts';
import { scheduleOf } from './schedule.ts';
import { takeDue } from './take-due.ts';
import { wallOf, zoneOf } from './wall-clock.ts';
import { DAYS, windowOf } from './window.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'];
/** Days around changes of clocks, and any others of the year. */
const moments = fc.oneof(
  fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04'),
  fc.constantFrom('2026-01-31', '2026-07-04', '2026-12-31'),
);
const afters = fc
  .tuple(moments, fc.integer({ min: -86_400, max: 86_400 }))
  .map(([day, s]) => Date.parse(day) + s * 1_000);

const field = (max: number) =>
  fc.oneof(fc.constant('*'), fc.integer({ min: 0, max }).map(String), fc.constantFrom('*/7', '0-3', '1,2'));
const crons = fc.tuple(field(59), field(23)).map(([minute, hour]) => `${minute} ${hour} * * *`);
const everies = fc.integer({ min: 60, max: 90_000 }).map((s) => `${s}s`);
const hour = fc.integer({ min: 0, max: 23 }).map((h) => `${String(h).padStart(2, '0')}:30`);
const windows: fc.Arbitrary<NonNullable<ScheduleConfig['window']>> = fc.record(
  {
    days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }),
    hours: fc
      .tuple(hour, hour)
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => `${a}-${b}`),
    except: fc.uniqueArray(moments, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const configs: fc.Arbitrary<ScheduleConfig> = fc
  .record({
    ...{ timezone: fc.constantFrom(...ZONES), window: fc.option(windows, { nil: undefined }) },
    times: fc.oneof(
      crons.map((cron) => ({ cron })),
      everies.map((every) => ({ every })),
    ),
    jitter: fc.constantFrom('0s', '90s', '3h'),
  })
  .map(({ times, ...rest }) => ({ ...times, ...rest }));

test('times go forward, never outside of the window, and none is left out between', () => {
  fc.assert(
    fc.property(configs, afters, (config, after) => {
      const zone = zoneOf(config.timezone as string);
      const window = windowOf(config.window ?? {}, zone);
      const [schedule, plain] = [scheduleOf(config), scheduleOf({ ...config, window: undefined })];
      let [at, raw] = [after, after];
      for (let n = 0; n < 12; n += 1) {
        const next = schedule.next(at);
        if (next === null) return;
        expect(next).toBeGreaterThan(at);
        expect(window.isOpen(next)).toBe(true);
        expect(schedule.next(next - 1)).toBe(next);
        // By trying each time: those between are closed.
        for (let tries = 0; raw < next && tries < 400; tries += 1) {
          raw = plain.next(raw) as number;
          if (raw < next) expect(window.isOpen(raw)).toBe(false);
        }
        [at, raw] = [next, next];
      }
    }),
    { numRuns: 40 },
  );
});

test('a pattern of fixed hours fires once for each time that the clocks show', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), afters, fc.integer({ min: 0, max: 59 }), (timezone, after, minute) => {
      const { next } = scheduleOf({ cron: `${minute} 1,2 * * *`, timezone });
      const zone = zoneOf(timezone);
      const days: number[] = [];
      for (let at = after, n = 0; n < 8; n += 1) {
        at = next(at) as number;
        days.push(Math.floor(wallOf(zone, at) / 86_400_000));
      }
      // Two for each day but the first, of which the begin may have passed, and the last.
      const counts = [...Map.groupBy(days, (day) => day).values()].map((all) => all.length);
      expect(counts.slice(1, -1).every((count) => count === 2)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('what is due is taken in order, never twice, and what comes next is still to come', () => {
  fc.assert(
    fc.property(configs, afters, fc.integer({ min: 0, max: 100_000 }), (config, after, seconds) => {
      const first = scheduleOf(config).next(after);
      if (first === null) return;
      const now = first + seconds * 1_000;
      const { firings, next } = takeDue({ ...config, missed: 'all' }, 't', first, now);
      const inOrder = [...firings, ...(next === null ? [] : [next])];
      for (const [index, one] of inOrder.slice(1).entries()) {
        const before = inOrder[index]!;
        expect(one.at).toBeGreaterThan(before.at);
        expect(one.dueAt).toBeGreaterThanOrEqual(before.dueAt);
      }
      for (const { dueAt } of firings) expect(dueAt).toBeLessThanOrEqual(now);
      if (next !== null) expect(next.dueAt).toBeGreaterThan(now);
    }),
    { numRuns: 40 },
  );
});
