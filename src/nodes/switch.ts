import { z } from 'zod';
import { condition } from '../core/condition.ts';
import type { StepNode } from '../core/node-type.ts';

const port = z.string().regex(/^[\w.-]{1,64}$/, 'takes letters, digits, _, - and .');

export const switchConfig = z.union([
  z.strictObject({
    cases: z
      .array(z.strictObject({ when: condition, port }))
      .min(1)
      .max(200)
      .describe('The first that holds is taken'),
  }),
  z.strictObject({
    value: z.unknown().describe('Compared with each case'),
    cases: z
      .array(z.strictObject({ equals: z.unknown(), port }))
      .min(1)
      .max(200),
  }),
]);
export type SwitchConfig = z.infer<typeof switchConfig>;

export const switchNode: StepNode<SwitchConfig> = {
  type: 'switch',
  version: 1,
  description: 'Takes the port of the first case that holds, else default; passes its input on.',
  example: {
    value: '{{ $json.type }}',
    cases: [
      { equals: 'technical', port: 'technical' },
      { equals: 'sales', port: 'sales' },
    ],
  },
  config: switchConfig,
  ports: (config) => [...new Set(config.cases.map((one) => one.port)), 'default'],
  effect: () => 'pure',
  step: (config, { json }) => ({ do: 'complete', output: json, port: choose(config) ?? 'default' }),
};

function choose(config: SwitchConfig): string | undefined {
  if (!('value' in config)) return config.cases.find((one) => 'when' in one && one.when)?.port;
  const wanted = canonical(config.value);
  return config.cases.find((one) => 'equals' in one && canonical(one.equals) === wanted)?.port;
}

const canonical = (value: unknown): string => JSON.stringify(value) ?? 'undefined';
