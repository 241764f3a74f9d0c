/** "Did you mean": the nearest of the known words by Levenshtein distance. */

/** ` (did you mean X?)`, or nothing. At most two slips, in a short word one; in a single letter only its case. */
export function suggest(word: string, known: Iterable<string>): string {
  if (word.length > 64) return '';
  let best = '';
  let least = word.length > 3 ? 3 : Math.min(2, word.length);
  for (const candidate of known) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  return best === '' ? '' : ` (did you mean ${best}?)`;
}

export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, above[j]! + 1, row[j - 1]! + 1));
    }
  }
  return row[b.length]!;
}
