import { z } from 'zod';
import { isObject } from '../core/json.ts';
import type { StepNode } from '../core/node-type.ts';

const names = z.array(z.string().min(1).max(200)).max(1000);

export const transformConfig = z.strictObject({
  rename: z.record(z.string(), z.string()).optional().describe('Old name to new name'),
  set: z.record(z.string(), z.unknown()).optional().describe('Fields to add or replace'),
  pick: names.optional().describe('Keep only these fields'),
  omit: names.optional().describe('Drop these fields'),
  value: z.unknown().optional().describe('The whole output; nothing else of the input stays'),
});
export type TransformConfig = z.infer<typeof transformConfig>;

export const transform: StepNode<TransformConfig> = {
  type: 'transform',
  version: 1,
  description: 'Reshapes data: rename, set, pick and omit fields, or give the whole output.',
  example: { set: { total: '{{ $json.price * $json.count }}' }, omit: ['price'] },
  config: transformConfig,
  first: ['set', 'value'],
  ports: () => ['out'],
  effect: () => 'pure',
  step: (config, { json }) => ({ do: 'complete', output: reshape(config, json) }),
};

/** In the order rename, set, pick, omit. An input that is no object counts as one without fields. */
function reshape(config: TransformConfig, json: unknown): unknown {
  if ('value' in config) return config.value ?? null;
  const output: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(isObject(json) ? json : {})) {
    const name = config.rename !== undefined && Object.hasOwn(config.rename, key) ? config.rename[key] : key;
    output[name as string] = value;
  }
  if (config.set !== undefined) Object.assign(output, config.set);
  const kept = config.pick === undefined ? output : pick(output, config.pick);
  for (const name of config.omit ?? []) delete kept[name];
  return kept;
}

function pick(from: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]]));
}
