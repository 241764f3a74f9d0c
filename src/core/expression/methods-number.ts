/** The methods of numbers and booleans. */
import { fail } from './budget.ts';
import { type Methods, table, toInteger } from './values.ts';

function within(value: unknown, least: number, most: number, fallback: number): number {
  const number = toInteger(value, fallback);
  return number >= least && number <= most ? number : fail(`a number from ${least} to ${most} is needed`);
}

export const NUMBER_METHODS: Methods<number> = table<number>({
  toFixed: (self, [digits]) => self.toFixed(within(digits, 0, 100, 0)),
  toExponential: (self, [digits]) =>
    digits === undefined ? self.toExponential() : self.toExponential(within(digits, 0, 100, 0)),
  toPrecision: (self, [digits]) => (digits === undefined ? String(self) : self.toPrecision(within(digits, 1, 100, 1))),
  toString: (self: number, [radix]: readonly unknown[]) => self.toString(within(radix, 2, 36, 10)),
  valueOf: (self: number) => self,
});

export const BOOLEAN_METHODS: Methods<boolean> = table<boolean>({
  toString: (self: boolean) => String(self),
  valueOf: (self: boolean) => self,
});
