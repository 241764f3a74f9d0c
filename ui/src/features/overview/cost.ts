/** What calls of models cost, day by day or in all: one currency a row, since they cannot be added up. */
interface Usage {
  readonly key: string;
  readonly currency: string;
  readonly cost: number;
}

export interface Cost {
  readonly currency: string;
  readonly total: number;
  readonly values: readonly number[];
}

/** The dearest first; `keys` are the days or names in their order. */
export function costsOf(items: readonly Usage[], keys: readonly string[]): Cost[] {
  const currencies = [...new Set(items.map(({ currency }) => currency))];
  return currencies
    .map((currency) => {
      const own = new Map(items.filter((one) => one.currency === currency).map(({ key, cost }) => [key, cost]));
      const total = [...own.values()].reduce((sum, cost) => sum + cost, 0);
      return { currency, total, values: keys.map((key) => own.get(key) ?? 0) };
    })
    .sort((a, b) => b.total - a.total);
}
