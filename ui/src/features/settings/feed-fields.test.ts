import { expect, test } from 'vitest';
import { z } from 'zod';
import { dynamic } from '../../../../src/core/dynamic.ts';
import type { JsonSchema } from '../../components/schema/shape.ts';
import { targetSchemas } from './feed-fields.ts';

const config = z.strictObject({
  connection: z.string(),
  key: dynamic(z.string()).optional(),
  value: z.unknown().optional(),
  topic: dynamic(z.string().regex(/^a/)).describe('Where to'),
  priority: dynamic(z.int()).optional(),
  delay: dynamic(z.union([z.string(), z.number()])).optional(),
  persistent: z.boolean().optional(),
});
const configSchema: JsonSchema = z.toJSONSchema(config, { unrepresentable: 'any', io: 'input' }) as JsonSchema;

test('a form asks for where, and for nothing that is of each event', () => {
  const types = ['kafka.publish', 'http', 'nats.publish'].map((type) => ({ type, configSchema }));
  const schemas = targetSchemas(types);
  expect([...schemas.keys()]).toEqual(['kafka', 'nats']);
  expect(schemas.get('kafka')).toMatchObject({
    required: ['topic'],
    properties: {
      topic: { type: 'string', description: 'Where to' },
      priority: { type: 'integer' },
      persistent: { type: 'boolean' },
    },
  });
  const { properties } = schemas.get('kafka') ?? {};
  expect(Object.keys(properties ?? {})).toEqual(['topic', 'priority', 'delay', 'persistent']);
  expect(JSON.stringify(properties)).not.toContain('An expression');
});
