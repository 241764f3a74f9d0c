import { z } from 'zod';
import { condition } from '../core/condition.ts';
import type { StepNode } from '../core/node-type.ts';

export const ifConfig = z.strictObject({
  condition: condition.describe('An expression'),
});
export type IfConfig = z.infer<typeof ifConfig>;

export const ifNode: StepNode<IfConfig> = {
  type: 'if',
  version: 1,
  description: 'Takes the port true or false by a condition; passes its input on.',
  example: { condition: "{{ $json.severity == 'critical' }}" },
  config: ifConfig,
  ports: () => ['true', 'false'],
  effect: () => 'pure',
  step: (config, { json }) => ({ do: 'complete', output: json, port: config.condition ? 'true' : 'false' }),
};
