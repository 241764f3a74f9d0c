import { z } from 'zod';
import type { StepNode } from '../core/node-type.ts';

export const joinConfig = z.strictObject({
  mode: z
    .union([z.enum(['all', 'any']), z.int().min(1)])
    .optional()
    .describe('Branches to wait for; default all'),
});
export type JoinConfig = z.infer<typeof joinConfig>;

export const join: StepNode<JoinConfig> = {
  type: 'join',
  version: 1,
  description: 'Waits for all, any or N branches; a branch that was not taken is never waited for.',
  example: { mode: 'all' },
  config: joinConfig,
  ports: () => ['out'],
  effect: () => 'pure',
  step: (_config, { json }) => ({ do: 'complete', output: json }),
};
