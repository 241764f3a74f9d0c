/** The config of a schedule, as written in a definition. */
import { z } from 'zod';
import { durationSchema, parseDuration } from '../duration.ts';
import { cronFault } from './cron.ts';
import { momentOf, type ScheduleConfig, scheduleOf } from './schedule.ts';
import { isZone } from './wall-clock.ts';
import { DAYS, HOURS } from './window.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const windowSchema = z
  .strictObject({
    days: z
      .array(z.enum(DAYS))
      .min(1, 'without a day it never opens; leave it out for every day')
      .optional()
      .meta({ description: 'Days of the week; default all' }),
    hours: z
      .string()
      .regex(HOURS, 'takes hours such as 08:00-18:00, or 22:00-06:00 over midnight')
      .refine((text) => text.slice(0, 5) !== text.slice(6), 'never opens: it ends when it begins')
      .optional()
      .meta({ description: 'From and to, the second not included, such as 08:00-18:00 or 22:00-06:00' }),
    except: z
      .array(z.string().regex(DATE, 'takes a date such as 2026-12-24').refine(isDate, 'is no date'))
      .max(366)
      .optional()
      .meta({ description: 'Dates on which nothing starts, such as 2026-12-24' }),
  })
  .meta({ description: 'When executions may start, by the clocks of the time zone; times outside are left out' });

const longEnough = (text: string) => parseDuration(text) >= 1_000;

export const scheduleConfig = z
  .strictObject({
    cron: z
      .string()
      .max(200)
      .superRefine((text, context) => {
        const fault = cronFault(text);
        if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
      })
      .optional()
      .meta({ description: 'Pattern such as 0 8 * * mon-fri, with seconds as a sixth field in front, or @daily' }),
    every: durationSchema
      .refine(longEnough, { error: 'must be 1s or longer', when: isFine })
      .optional()
      .meta({ description: 'Interval such as 15m, counted from midnight UTC of 1970-01-01' }),
    at: z.iso
      .datetime({ offset: true, local: true, error: 'takes a time such as 2027-01-31T08:00:00Z or +02:00' })
      .optional()
      .meta({ description: 'Once, at this time; without Z or an offset it is a time of the time zone' }),
    timezone: z
      .string()
      .max(64)
      .refine(isZone, 'takes an IANA time zone such as Europe/Berlin')
      .optional()
      .meta({ description: 'Time zone whose clocks count; default UTC' }),
    window: windowSchema.optional(),
    missed: z
      .enum(['skip', 'one', 'all'])
      .optional()
      .meta({ description: 'What becomes of times at which nothing could start; default skip' }),
    maxMissed: z
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .meta({ description: 'Missed times that count, the newest; default 100' }),
    overlap: z
      .enum(['allow', 'skip', 'queue', 'cancel_previous'])
      .optional()
      .meta({ description: 'When an execution of this trigger has not ended; default allow' }),
    jitter: durationSchema
      .refine((text) => parseDuration(text) <= 86_400_000, { error: 'is at most 24h', when: isFine })
      .optional()
      .meta({ description: 'Starts up to so much later, each time by another time' }),
  })
  .superRefine((config, context) => {
    if (context.issues.length > 0) return;
    const kinds = (['cron', 'every', 'at'] as const).filter((kind) => config[kind] !== undefined);
    if (kinds.length !== 1) {
      context.addIssue({ code: 'custom', message: 'takes one of cron, every and at' });
    } else if (!firesEver(config)) {
      const where = config.window === undefined ? kinds : ['window'];
      const why =
        config.window === undefined ? 'names no time that ever comes' : 'never opens at a time of this schedule';
      context.addIssue({ code: 'custom', path: where, message: why });
    }
  });

/** Refinements of what has the wrong form already would only say it again, or fail. */
function isFine({ issues }: { issues: readonly unknown[] }): boolean {
  return issues.length === 0;
}

function isDate(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Patterns repeat, so where one of them never fires from here on it never does. */
const FROM = Date.UTC(2026, 0, 1);

function firesEver(config: ScheduleConfig): boolean {
  const from = config.at === undefined ? FROM : momentOf(config.at, config.timezone) - 1;
  return scheduleOf(config).next(from) !== null;
}
