import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costOf, formatNanos, toNanos } from './money.ts';

const price = { version: '1', currency: 'USD', input: 3, output: 15, cached: 0.3 };

test.each([
  [{ inputTokens: 1_000_000, outputTokens: 0 }, 3_000_000_000],
  [{ inputTokens: 1, outputTokens: 1 }, 18_000],
  [{ inputTokens: 10, outputTokens: 0, cachedTokens: 10 }, 3_000],
  [{ inputTokens: 10, outputTokens: 0, cachedTokens: 100 }, 3_000],
])('%j costs %d nanos', (usage, cost) => expect(costOf(usage, price)).toBe(cost));

test('without a price it costs nothing; cached tokens without one of their own cost as any', () => {
  expect(costOf({ inputTokens: 10, outputTokens: 10 }, null)).toBe(0);
  const { cached: _, ...plain } = price;
  expect(costOf({ inputTokens: 10, outputTokens: 0, cachedTokens: 10 }, plain)).toBe(30_000);
});

test('a cost is whole, and never less than it is', () => {
  const rate = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(100_000), rate, rate, (inputTokens, outputTokens, input, output) => {
      const cost = costOf({ inputTokens, outputTokens }, { version: '1', currency: 'USD', input, output });
      expect(Number.isSafeInteger(cost)).toBe(true);
      expect(cost).toBeGreaterThanOrEqual((inputTokens * input + outputTokens * output) * 1_000 - 0.001);
    }),
  );
});

test.each([
  [0, '0.00'],
  [12_500_000, '0.0125'],
  [500_000_000, '0.50'],
  [2_000_000_000, '2.00'],
  [1, '0.00'],
])('%d reads %s', (nanos, text) => expect(formatNanos(nanos)).toBe(text));

test('an amount becomes whole nanos', () => expect(toNanos(0.1)).toBe(100_000_000));
