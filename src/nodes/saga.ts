import { z } from 'zod';
import { body, bodyOf } from '../core/body.ts';
import type { ContainerNode } from '../core/node-type.ts';

export const sagaConfig = z.strictObject({ body });
export type SagaConfig = z.infer<typeof sagaConfig>;

export const saga: ContainerNode<SagaConfig> = {
  type: 'saga',
  version: 1,
  description: 'Runs its body; a failure inside undoes what was done inside, in reverse, and leaves by the port error.',
  example: {
    body: {
      nodes: [
        { id: 'reserve', type: 'tool', config: { tool: 'noop' }, compensate: 'release' },
        { id: 'release', type: 'tool', config: { tool: 'noop' } },
      ],
    },
  },
  config: sagaConfig,
  ports: () => ['out', 'error'],
  effect: () => 'pure',
  raw: ['body'],
  undoes: true,
  bodies: (config) => ({ body: bodyOf(config.body) }),
  open: () => ({ total: 1, limit: 1, max: 1, onItemError: 'fail', single: true }),
};
