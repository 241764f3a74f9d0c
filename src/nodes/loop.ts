import { z } from 'zod';
import { asItems, body, bodyOf, DEFAULT_MAX } from '../core/body.ts';
import { checkCondition } from '../core/condition.ts';
import { dynamic } from '../core/dynamic.ts';
import { MyelinError } from '../core/errors.ts';
import type { ContainerNode, Iteration } from '../core/node-type.ts';

export const loopConfig = z
  .strictObject({
    items: z.unknown().optional().describe('A list: one round per item'),
    times: dynamic(z.int().min(0)).optional().describe('A number of rounds'),
    while: z
      .string()
      .superRefine((text, context) => checkCondition(text.trim(), context))
      .optional()
      .describe('An expression, evaluated before each round'),
    max: z.int().min(1).max(1_000_000).optional().describe(`More rounds fail the node; default ${DEFAULT_MAX}`),
    body,
  })
  .refine((config) => [config.items, config.times, config.while].filter((one) => one !== undefined).length === 1, {
    message: 'takes one of items, times and while',
  });
export type LoopConfig = z.infer<typeof loopConfig>;

export const loop: ContainerNode<LoopConfig> = {
  type: 'loop',
  version: 1,
  description: 'Runs its body once per item, a number of times, or while a condition holds, one after the other.',
  example: {
    items: '{{ $json.orders }}',
    body: { nodes: [{ id: 'name', type: 'transform', config: { value: '{{ $item.name }}' } }] },
  },
  config: loopConfig,
  first: ['items', 'times', 'while'],
  ports: () => ['out'],
  effect: () => 'pure',
  raw: ['body'],
  condition: 'while',
  bodies: (config) => ({ body: bodyOf(config.body) }),
  open: (config) => ({ ...rounds(config), limit: 1, max: config.max ?? DEFAULT_MAX, onItemError: 'fail' }),
};

function rounds(config: LoopConfig): Pick<Iteration, 'items' | 'total'> {
  if (config.while !== undefined) return {};
  if (config.times === undefined) return { items: asItems(config.items) };
  const total = Number(config.times);
  if (Number.isInteger(total) && total >= 0) return { total };
  throw new MyelinError('config_invalid', `times: takes a whole number from 0, not ${config.times}`);
}
