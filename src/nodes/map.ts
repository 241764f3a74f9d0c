import { z } from 'zod';
import { asItems, body, bodyOf, DEFAULT_MAX } from '../core/body.ts';
import type { ContainerNode } from '../core/node-type.ts';

export const mapConfig = z.strictObject({
  items: z
    .unknown()
    .refine((value) => value !== undefined, 'needs a list')
    .describe('A list: one iteration per item'),
  limit: z.int().min(1).max(1000).optional().describe('Iterations at the same time; default 10'),
  max: z.int().min(1).max(1_000_000).optional().describe(`More items fail the node; default ${DEFAULT_MAX}`),
  onItemError: z
    .enum(['fail', 'skip', 'collect'])
    .optional()
    .describe('fail the node (default), leave the item out, or put { error } in its place'),
  body,
});
export type MapConfig = z.infer<typeof mapConfig>;

export const map: ContainerNode<MapConfig> = {
  type: 'map',
  version: 1,
  description: 'Runs its body for every item, several at the same time; the results come in the order of the items.',
  example: {
    items: '{{ $json.urls }}',
    limit: 5,
    onItemError: 'collect',
    body: { nodes: [{ id: 'fetch', type: 'http', config: { url: '{{ $item }}' } }] },
  },
  config: mapConfig,
  first: ['items', 'limit', 'onItemError'],
  ports: () => ['out'],
  effect: () => 'pure',
  raw: ['body'],
  bodies: (config) => ({ body: bodyOf(config.body) }),
  open: (config) => ({
    items: asItems(config.items),
    limit: config.limit ?? 10,
    max: config.max ?? DEFAULT_MAX,
    onItemError: config.onItemError ?? 'fail',
  }),
};
