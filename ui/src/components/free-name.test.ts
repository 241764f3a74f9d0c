import { expect, test } from 'vitest';
import { freeName } from './free-name.ts';

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
