/** "Did you mean": the nearest known name by Levenshtein distance, where it is near enough to be a slip. */

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** ` (did you mean NAME?)`, or nothing. At most two slips, in a short name one. */
export function suggest(name: string, known: Iterable<string>): string {
  if (name.length > 64) return '';
  let best = '';
  let least = name.length > 3 ? 3 : 2;
  for (const candidate of known) {
    const slips = distance(name.toLowerCase(), candidate.toLowerCase());
    if (slips < least) [best, least] = [candidate, slips];
  }
  return best === '' ? '' : ` (did you mean ${best}?)`;
}
