import { expect, test } from 'vitest';
import { z } from 'zod';
import { triggerTypes } from './registry.ts';

test('has every type under its name', () => {
  expect([...triggerTypes.keys()].sort()).toEqual(['manual', 'webhook']);
});

test.each([...triggerTypes.values()])('$type: its example validates and its config is a JSON Schema', (type) => {
  expect(() => type.config.parse(type.example)).not.toThrow();
  expect(type.config.safeParse({ ...type.example, unknown: 1 }).success).toBe(false);
  expect(z.toJSONSchema(type.config, { io: 'input' })).toHaveProperty('type', 'object');
});
