import { DateTime } from 'luxon';
import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import { MyelinError } from '../core/errors.ts';
import type { StepNode } from '../core/node-type.ts';

export const delayConfig = z.union([
  z.strictObject({ for: z.union([z.string().min(1), z.number().min(0)]).describe('90s, 2h, 3d, or milliseconds') }),
  z.strictObject({ until: z.union([z.string().min(1), z.number()]).describe('ISO 8601, or milliseconds since 1970') }),
]);
export type DelayConfig = z.infer<typeof delayConfig>;

/** Ten years: a longer one is a slip of the pen. */
const LONGEST_MS = 10 * 365 * 24 * 3600 * 1000;

export const delay: StepNode<DelayConfig> = {
  type: 'delay',
  version: 1,
  description: 'Waits for a duration or until a time; passes its input on. Costs nothing while it waits.',
  example: { for: '90s' },
  config: delayConfig,
  ports: () => ['out'],
  effect: () => 'pure',
  step: (config, { now, json }) => {
    const until = 'for' in config ? now + parseDuration(config.for) : moment(config.until);
    if (!(until - now <= LONGEST_MS)) throw new MyelinError('config_invalid', 'delay: more than ten years from now');
    return until <= now ? { do: 'complete', output: json } : { do: 'sleep', until };
  },
};

function moment(until: string | number): number {
  const at = typeof until === 'number' ? until : DateTime.fromISO(until, { zone: 'utc' }).toMillis();
  if (!Number.isFinite(at)) throw new MyelinError('config_invalid', `delay.until: "${until}" is no ISO 8601 time`);
  return at;
}
