import { expect, test } from 'vitest';
import { renamed } from './renamed.ts';

const YAML = `# a remark
name: orders
triggers:
  - { id: hook, type: webhook, path: shop/orders, respond: result }
  - id: other
    type: webhook
    path: 'orders' # also
nodes: [{ id: a, type: transform, config: { value: { path: shop } } }]
`;
const definition = {
  name: 'orders',
  triggers: [
    { id: 'hook', type: 'webhook', path: 'shop/orders' },
    { id: 'other', type: 'webhook', path: 'orders' },
  ],
  nodes: [],
};

test('the first keeps its paths; another gets its own, and everything else stays', () => {
  expect(renamed(YAML, definition, 'orders')).toBe(YAML);
  expect(renamed(YAML, definition, 'orders-2')).toBe(
    YAML.replace('name: orders', 'name: orders-2')
      .replace('shop/orders,', 'shop/orders-2,')
      .replace("'orders'", "'orders-2'"),
  );
});
