import { expect, test } from 'vitest';
import { z } from 'zod';
import { resolved } from './dynamic.ts';

const schema = z.strictObject({ to: z.string(), count: z.int().optional() });

test('a config whose templates are resolved is held against its schema', () => {
  expect(resolved(schema, { to: 'a', count: 2 })).toEqual({ to: 'a', count: 2 });
  expect(resolved(schema, { to: 'a', count: null })).toEqual({ to: 'a' });
  expect(resolved(schema, { to: 'a', count: undefined })).toEqual({ to: 'a' });
});

test.each([
  [{ to: 5 }, /^to: /],
  [{ to: 'a', count: 1.5 }, /^count: /],
  [{ to: 'a', cuont: 1 }, /^cuont: unknown field/],
  ['text', /^to: /],
])('%j is refused, by the name of its field', (config, message) => {
  expect(() => resolved(schema, config)).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringMatching(message) }),
  );
});
