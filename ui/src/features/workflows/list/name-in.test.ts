import { expect, test } from 'vitest';
import { nameIn } from './name-in.ts';

test('in YAML and in JSON', () => {
  expect(nameIn('# remark\nname: orders\nnodes: []')).toBe('orders');
  expect(nameIn('{ "name": "orders-2" }')).toBe('orders-2');
  expect(nameIn('{\n  "name": "orders",\n  "nodes": []\n}')).toBe('orders');
  expect(nameIn('nodes: []')).toBeUndefined();
});
