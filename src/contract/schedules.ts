/** When schedules fire. */
import { z } from 'zod';

export const scheduleTimes = z
  .object({
    timezone: z.string(),
    times: z.array(
      z.object({
        at: z.iso.datetime().describe('In UTC'),
        local: z.iso.datetime({ offset: true }).describe('By the clocks of the time zone'),
      }),
    ),
  })
  .meta({ id: 'ScheduleTimes' });
export type ScheduleTimes = z.infer<typeof scheduleTimes>;

export const timesQuery = z.strictObject({
  count: z.coerce.number().int().min(1).max(100).default(10).describe('How many times, at most'),
});
