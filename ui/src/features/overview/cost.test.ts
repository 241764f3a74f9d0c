import { expect, test } from 'vitest';
import { costsOf } from './cost.ts';

test('by currency, with nothing where there was nothing', () => {
  const items = [
    { key: 'b', currency: 'EUR', cost: 1 },
    { key: 'a', currency: 'USD', cost: 2 },
    { key: 'c', currency: 'USD', cost: 3 },
  ];
  expect(costsOf(items, ['a', 'b', 'c'])).toEqual([
    { currency: 'USD', total: 5, values: [2, 0, 3] },
    { currency: 'EUR', total: 1, values: [0, 1, 0] },
  ]);
});
