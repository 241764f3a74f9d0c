/** What differs between two texts, line by line: the shortest way from one to the other (Myers, "An O(ND) difference algorithm", 1986). */
type LineKind = 'same' | 'removed' | 'added';

export interface Line {
  readonly kind: LineKind;
  readonly text: string;
  /** Number of the line in the text before and after, from 1. */
  readonly before?: number;
  readonly after?: number;
}

/** Texts that differ in more lines than this are shown as one taken away and one put in: nobody reads them line by line. */
const MOST_EDITS = 2_000;

export function diffLines(before: string, after: string): Line[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [midA, midB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const kinds: LineKind[] = [
    ...Array<LineKind>(start).fill('same'),
    ...(shortest(midA, midB) ?? [...midA.map(() => 'removed' as const), ...midB.map(() => 'added' as const)]),
    ...Array<LineKind>(end).fill('same'),
  ];
  return numbered(kinds, a, b);
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function numbered(kinds: readonly LineKind[], a: readonly string[], b: readonly string[]): Line[] {
  let [x, y] = [0, 0];
  return kinds.map((kind): Line => {
    if (kind === 'removed') return { kind, text: a[x] as string, before: ++x };
    if (kind === 'added') return { kind, text: b[y] as string, after: ++y };
    return { kind, text: a[x] as string, before: ++x, after: ++y };
  });
}

/**
 * `reach[k]` is how far one comes on diagonal `k` (lines taken away minus lines put in) with so many edits; what it was
 * before each further edit is kept, to find the way back. Undefined: there are too many.
 */
function shortest(a: readonly string[], b: readonly string[]): LineKind[] | undefined {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const reach = new Int32Array(2 * most + 3);
  const at = (k: number): number => reach[k + most + 1] as number;
  const trail: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trail.push(reach.slice(most + 1 - edits, most + 2 + edits));
    for (let k = -edits; k <= edits; k += 2) {
      let x = isDown(k, edits, at) ? at(k + 1) : at(k - 1) + 1;
      if (edits === 0) x = 0;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reach[k + most + 1] = x;
      if (x >= a.length && x - k >= b.length) return wayBack(trail, a.length, b.length);
    }
  }
  return undefined;
}

/** Whether diagonal `k` is best reached by putting a line in. */
const isDown = (k: number, edits: number, at: (k: number) => number): boolean =>
  k === -edits || (k !== edits && at(k - 1) < at(k + 1));

function wayBack(trail: readonly Int32Array[], toX: number, toY: number): LineKind[] {
  const kinds: LineKind[] = [];
  let [x, y] = [toX, toY];
  for (let edits = trail.length - 1; edits > 0; edits -= 1) {
    const reach = trail[edits] as Int32Array;
    const at = (k: number): number => reach[k + edits] as number;
    const k = x - y;
    const down = isDown(k, edits, at);
    const fromX = down ? at(k + 1) : at(k - 1);
    const fromY = fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      kinds.push('same');
      [x, y] = [x - 1, y - 1];
    }
    kinds.push(down ? 'added' : 'removed');
    [x, y] = [fromX, fromY];
  }
  for (; x > 0; x -= 1) kinds.push('same');
  return kinds.reverse();
}

export interface Gap {
  readonly kind: 'gap';
  /** Lines that are the same and left out. */
  readonly count: number;
}

/** Only what differs, with some lines around it. */
export function hunksOf(lines: readonly Line[], around = 3): (Line | Gap)[] {
  const near = new Uint8Array(lines.length);
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== 'same') near.fill(1, Math.max(0, index - around), index + around + 1);
  }
  const shown: (Line | Gap)[] = [];
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1);
    if (near[index] === 1) shown.push(line);
    else if (last?.kind === 'gap') shown[shown.length - 1] = { kind: 'gap', count: last.count + 1 };
    else shown.push({ kind: 'gap', count: 1 });
  }
  return shown;
}
