import { expect, test } from 'vitest';
import { copied, freeName } from './free-name.ts';

test('a free name stays', () => {
  expect(freeName('orders', new Set(['others']))).toBe('orders');
});

test('a name that is taken gets the first free number', () => {
  expect(freeName('orders', new Set(['orders', 'orders-2']))).toBe('orders-3');
});

test('no name is longer than 100', () => {
  const long = 'a'.repeat(100);
  expect(freeName(long, new Set([long]))).toBe(`${'a'.repeat(98)}-2`);
});

test('a copy listens at paths of its own', () => {
  const triggers = [
    { id: 'hook', type: 'webhook', path: 'shop/in' },
    { id: 'tick', type: 'schedule', every: '1h' },
  ];
  const { name, triggers: own } = copied({ name: 'shop', triggers, nodes: [] }, 'shop-copy');
  expect({ name, own }).toEqual({ name: 'shop-copy', own: [{ ...triggers[0], path: 'shop/in-copy' }, triggers[1]] });
});
