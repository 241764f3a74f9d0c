import { expect, test } from 'vitest';
import { withDefaults } from './defaults.ts';

const node = { required: ['n'], properties: { n: { default: 0 }, next: { $ref: '#/$defs/node' }, o: { default: 1 } } };

test('what is required and has a default is filled in, wherever it lies', () => {
  const schema = { $ref: '#/$defs/node', $defs: { node } };
  expect(withDefaults(schema, { next: { n: 5, next: { x: 1 } } })).toEqual({
    n: 0,
    next: { n: 5, next: { n: 0, x: 1 } },
  });
  expect(withDefaults({ items: node, required: ['a'] }, [{ n: 1 }, {}])).toEqual([{ n: 1 }, { n: 0 }]);
  const inner = {
    required: ['a'],
    properties: { a: { default: {}, required: ['b'], properties: { b: { default: 2 } } } },
  };
  expect(withDefaults(inner, {})).toEqual({ a: { b: 2 } });
});

test.each([
  [node, { n: 1, next: { n: 2 } }],
  [{ ...node, properties: { n: true } }, {}],
  [{ items: node }, [{ n: 1 }, 'x']],
  [{ items: [node] }, [{}]],
  [{ properties: node.properties }, { a: 1 }],
  [true, {}],
  [node, 'text'],
])('by %j nothing is missing in %j, which stays itself', (schema, data) => {
  expect(withDefaults(schema, data)).toBe(data);
});

test('a schema that goes round in a circle, or asks for too much, is given up', () => {
  expect(() => withDefaults({ $ref: '#' }, {})).toThrow('too much work');
  const items = Array.from({ length: 100_001 }, () => ({}));
  expect(() => withDefaults({ items: node }, items)).toThrow('too much work');
});
