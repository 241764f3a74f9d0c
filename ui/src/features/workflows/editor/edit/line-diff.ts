/** What differs between two texts, line by line (the longest common subsequence, within what the ends do not share). */
export interface DiffLine {
  readonly kind: 'same' | 'left' | 'right';
  readonly text: string;
}

/** Larger differences are shown as one block taken away and one put in. */
const MOST_CELLS = 4_000_000;

export function diffLines(left: string, right: string): DiffLine[] {
  const [a, b] = [left.split('\n'), right.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return [
    ...a.slice(0, start).map(same),
    ...between(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ];
}

function between(a: readonly string[], b: readonly string[]): DiffLine[] {
  const wide = b.length + 1;
  if (a.length * b.length > MOST_CELLS || a.length === 0 || b.length === 0) {
    return [
      ...a.map((text): DiffLine => ({ kind: 'left', text })),
      ...b.map((text): DiffLine => ({ kind: 'right', text })),
    ];
  }
  const lengths = new Uint32Array((a.length + 1) * wide);
  const at = (i: number, j: number): number => lengths[i * wide + j] as number;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * wide + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] as string });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'left', text: a[i] as string });
      i += 1;
    } else {
      lines.push({ kind: 'right', text: b[j] as string });
      j += 1;
    }
  }
  return lines;
}

/** Only what differs, with a few lines around; null stands for those between. */
export function hunksOf(lines: readonly DiffLine[], around = 3): (DiffLine | null)[] {
  const shown = new Set<number>();
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue;
    for (let at = index - around; at <= index + around; at += 1) shown.add(at);
  }
  const out: (DiffLine | null)[] = [];
  for (const [index, line] of lines.entries()) {
    if (shown.has(index)) out.push(line);
    else if (out.at(-1) !== null) out.push(null);
  }
  return out;
}
