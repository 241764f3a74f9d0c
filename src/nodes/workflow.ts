import { z } from 'zod';
import { dynamic } from '../core/dynamic.ts';
import { MyelinError } from '../core/errors.ts';
import type { StepNode } from '../core/node-type.ts';

export const workflowConfig = z.strictObject({
  workflow: z.string().min(1).max(200).describe('Name or id of an active workflow of this project'),
  input: z.unknown().optional().describe('`$trigger` of the child; default the input of this node'),
  wait: dynamic(z.boolean()).optional().describe('Wait for its output (default), or go on with { executionId }'),
});
export type WorkflowConfig = z.infer<typeof workflowConfig>;

export const workflow: StepNode<WorkflowConfig> = {
  type: 'workflow',
  version: 1,
  description: 'Starts another workflow as a child execution and takes its output.',
  example: { workflow: 'send-report', input: { month: '{{ $json.month }}' } },
  config: workflowConfig,
  ports: () => ['out'],
  effect: () => 'idempotent',
  step: (config, { json }) => {
    if (typeof config.workflow !== 'string') throw new MyelinError('config_invalid', 'workflow: takes a name or id');
    return {
      do: 'call',
      workflow: config.workflow,
      input: 'input' in config ? config.input : json,
      wait: config.wait !== false,
    };
  },
};
