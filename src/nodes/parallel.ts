import { z } from 'zod';
import { body, bodyOf } from '../core/body.ts';
import type { ContainerNode } from '../core/node-type.ts';

const name = z.string().regex(/^[A-Za-z_][\w-]{0,63}$/, 'a branch name takes letters, digits, _ and -');

const parallelConfig = z.strictObject({
  branches: z
    .record(name, body)
    .refine((branches) => Object.keys(branches).length > 0, 'needs at least one branch')
    .describe('Graphs by name, run at the same time'),
});
export type ParallelConfig = z.infer<typeof parallelConfig>;

export const parallel: ContainerNode<ParallelConfig> = {
  type: 'parallel',
  version: 1,
  description: 'Runs its branches at the same time; the output is an object of their results by name.',
  example: {
    branches: {
      a: { nodes: [{ id: 'one', type: 'transform', config: { value: 1 } }] },
      b: { nodes: [{ id: 'two', type: 'transform', config: { value: 2 } }] },
    },
  },
  config: parallelConfig,
  ports: () => ['out'],
  effect: () => 'pure',
  raw: ['branches'],
  bodies: (config) => Object.fromEntries(Object.entries(config.branches).map(([key, one]) => [key, bodyOf(one)])),
  open: (config) => {
    const branches = Object.keys(config.branches);
    return { branches, total: branches.length, limit: branches.length, max: branches.length, onItemError: 'fail' };
  },
};
