/** Starts an execution when one of another workflow ends: the next link of a chain that its author need not know. */
import { z } from 'zod';
import type { TriggerType } from '../core/trigger-type.ts';

const ENDS = ['completed', 'failed', 'canceled', 'compensated'] as const;

export const completionConfig = z.strictObject({
  workflow: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'takes the name or id of a workflow: lower-case letters, digits and -')
    .meta({ description: 'Name or id of the workflow whose ends are heard' }),
  on: z
    .array(z.enum(ENDS))
    .min(1, 'takes at least one end, such as completed')
    .optional()
    .meta({ description: 'Ends that count; default [completed]. `failed` counts a compensation that failed too' }),
});

export type CompletionConfig = z.output<typeof completionConfig>;

export const workflow: TriggerType<CompletionConfig> = {
  type: 'workflow',
  version: 1,
  description: 'Starts when an execution of another workflow ends.',
  example: { workflow: 'import-orders', on: ['completed', 'failed'] },
  config: completionConfig,
};
