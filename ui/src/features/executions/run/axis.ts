/** The time axis: which stretch is seen, where a moment lies in it, and where its marks stand. */

/** Milliseconds since the epoch. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const SHORTEST_MS = 5;

/** Part of the width, from 0 to 1 where it is seen. */
export const placeOn = ({ from, to }: Stretch, at: number): number => (at - from) / (to - from);

/** `factor` below 1 comes nearer; what is at `at` (0 to 1) stays where it is. Never beyond `whole`. */
export function zoomed(seen: Stretch, whole: Stretch, factor: number, at: number): Stretch {
  const length = Math.max(SHORTEST_MS, (seen.to - seen.from) * factor);
  const fixed = seen.from + (seen.to - seen.from) * at;
  return within({ from: fixed - length * at, to: fixed + length * (1 - at) }, whole);
}

/** By a part of what is seen. */
export function moved(seen: Stretch, whole: Stretch, part: number): Stretch {
  const step = (seen.to - seen.from) * part;
  return within({ from: seen.from + step, to: seen.to + step }, whole);
}

export function within({ from, to }: Stretch, whole: Stretch): Stretch {
  const length = Math.max(SHORTEST_MS, to - from);
  if (length >= whole.to - whole.from) return whole;
  const start = Math.min(Math.max(from, whole.from), whole.to - length);
  return { from: start, to: start + length };
}

const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
  2_592_000_000,
];

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Marks at round spans since `start`, as many as fit. */
export function ticksOf({ from, to }: Stretch, start: number, most: number): Tick[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? (to - from) / most;
  const ticks: Tick[] = [];
  for (let at = start + Math.ceil((from - start) / step) * step; at <= to; at += step) {
    ticks.push({ at, label: label(at - start, step) });
  }
  return ticks;
}

function label(ms: number, step: number): string {
  if (ms === 0) return '0';
  if (step < 1_000 && ms < 60_000)
    return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(step < 10 ? 3 : step < 100 ? 2 : 1)} s`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = seconds - minutes * 60;
  const tail = step < 60_000 ? `:${rest.toFixed(step < 1_000 ? 1 : 0).padStart(step < 1_000 ? 4 : 2, '0')}` : '';
  if (minutes < 60) return tail === '' ? `${minutes} min` : `${minutes}${tail}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48)
    return minutes % 60 === 0 && tail === '' ? `${hours} h` : `${hours} h ${minutes % 60}${tail || ' min'}`;
  return step >= 86_400_000 ? `${Math.round(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
