/** A row of numbers as a row of bars, the highest being the tallest; nothing is a dot. */

const BARS = '▁▂▃▄▅▆▇█';
/** Wider rows are summed up to this. */
const MOST = 60;

export function sparkline(values: readonly number[]): string {
  const group = Math.max(1, Math.ceil(values.length / MOST));
  const sums: number[] = [];
  for (const [index, value] of values.entries()) {
    const place = Math.floor(index / group);
    sums[place] = (sums[place] ?? 0) + value;
  }
  const highest = Math.max(1, ...sums);
  return sums.map((sum) => (sum === 0 ? '·' : BARS[Math.ceil((sum / highest) * BARS.length) - 1])).join('');
}
