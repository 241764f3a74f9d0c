/** Amounts of money as short text; small ones keep the digits that matter: `$0.0042`. */
export function money(amount: number, currency: string): string {
  const size = Math.abs(amount);
  return formatOf(currency, size === 0 || size >= 1 ? 2 : size >= 0.001 ? 4 : 6).format(amount);
}

/** Slow to make, and lists are full of amounts. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, digits: number): Intl.NumberFormat {
  const key = `${currency} ${digits}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  });
  formats.set(key, format);
  return format;
}

/** Of a whole number: `1,234`, `12.3 k`, `4.6 M`. */
export function count(value: number): string {
  // What writes numbers of this place is slow to begin, and small ones are the same everywhere.
  if (value < 1_000) return String(value);
  if (value < 10_000) return value.toLocaleString();
  return value < 1_000_000 ? `${(value / 1_000).toFixed(1)} k` : `${(value / 1_000_000).toFixed(1)} M`;
}
