import { z } from 'zod';
import type { StepNode } from '../core/node-type.ts';

export const failConfig = z.strictObject({
  message: z.string().min(1).max(2000),
  code: z
    .string()
    .regex(/^[a-z0-9_]{1,64}$/, 'takes lower-case letters, digits and _')
    .optional(),
  kind: z.enum(['permanent', 'transient']).optional().describe('Default permanent'),
});
export type FailConfig = z.infer<typeof failConfig>;

export const fail: StepNode<FailConfig> = {
  type: 'fail',
  version: 1,
  description: 'Ends the branch with an error of your own.',
  example: { message: 'No such customer: {{ $json.id }}', code: 'no_customer' },
  config: failConfig,
  ports: () => [],
  effect: () => 'pure',
  step: (config) => ({
    do: 'fail',
    error: { code: config.code ?? 'node_failed', kind: config.kind ?? 'permanent', message: String(config.message) },
  }),
};
