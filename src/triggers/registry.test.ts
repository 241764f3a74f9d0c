import { expect, test } from 'vitest';
import { z } from 'zod';
import { triggerTypes } from './registry.ts';

test('has every type under its name', () => {
  expect([...triggerTypes.keys()].sort()).toEqual([
    'event',
    'kafka',
    'manual',
    'nats',
    'poll',
    'rabbitmq',
    'redis',
    'schedule',
    'table',
    'webhook',
    'workflow',
  ]);
});

test.each([...triggerTypes.values()])('$type: its example validates and its config is a JSON Schema', (type) => {
  expect(() => type.config.parse(type.example)).not.toThrow();
  expect(type.config.safeParse({ ...type.example, unknown: 1 }).success).toBe(false);
  expect(z.toJSONSchema(type.config, { io: 'input' })).toHaveProperty('type', 'object');
});

test('manual takes a JSON Schema and names the place of a fault in it', () => {
  const config = triggerTypes.get('manual')!.config;
  expect(config.safeParse({}).success).toBe(true);
  const faulty = config.safeParse({ input: { type: 'object', properties: { id: { type: 'text' } } } });
  expect(faulty.error?.issues.map((issue) => issue.message).join()).toContain('properties.id.type');
});
