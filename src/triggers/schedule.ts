/** Starts executions by the clock: at the times of a cron pattern, at an interval, or once. */
import { scheduleConfig } from '../core/schedule/config.ts';
import type { ScheduleConfig } from '../core/schedule/schedule.ts';
import type { TriggerType } from '../core/trigger-type.ts';

export const schedule: TriggerType<ScheduleConfig> = {
  type: 'schedule',
  version: 1,
  description: 'Starts at times: by a cron pattern, at an interval, or once.',
  example: {
    cron: '0 8 * * *',
    timezone: 'Europe/Berlin',
    window: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], hours: '07:00-20:00', except: ['2026-12-24'] },
    missed: 'one',
    overlap: 'skip',
    jitter: '5m',
  },
  config: scheduleConfig,
  first: ['cron', 'every', 'at', 'timezone'],
};
