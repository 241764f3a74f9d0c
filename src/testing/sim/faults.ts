/** What goes wrong in a run, and how often. Every seed has its own mixture, a calm one now and then. */
import type { Chance } from './chance.ts';

export interface Faults {
  /** Probabilities, of one call of the store that matters. */
  readonly crash: number;
  /** The call never arrives, and the caller is told that the store is away. */
  readonly lost: number;
  /** The caller is told the same, and yet it was done. */
  readonly unknown: number;
  readonly slow: number;
  /** Longest way of a slow call, there or back. */
  readonly slowMs: number;
  /** Longest way of the others. */
  readonly latencyMs: number;
  /** Wake-ups: probabilities to be lost and to come twice; the longest they take. */
  readonly wakeLost: number;
  readonly wakeTwice: number;
  readonly wakeLateMs: number;
}

export const CALM: Faults = {
  crash: 0,
  lost: 0,
  unknown: 0,
  slow: 0,
  slowMs: 0,
  latencyMs: 2,
  wakeLost: 0,
  wakeTwice: 0,
  wakeLateMs: 1,
};

export function drawFaults(chance: Chance): Faults {
  if (chance.happens(0.08)) return CALM;
  const often = (most: number) => (chance.happens(0.5) ? chance.next() * most : 0);
  return {
    crash: often(0.03),
    lost: often(0.08),
    unknown: often(0.08),
    slow: often(0.05),
    slowMs: chance.pick([50, 500, 3_000, 15_000]),
    latencyMs: chance.pick([0, 2, 20]),
    wakeLost: often(0.5),
    wakeTwice: often(0.5),
    wakeLateMs: chance.pick([0, 5, 500, 4_000]),
  };
}

/** Rounds that repeat by themselves are many, and most of them do nothing: less goes wrong in each. */
const SHARE: Readonly<Record<string, number>> = {
  fireTimers: 0.1,
  heartbeat: 0.3,
  buryDead: 0.3,
  tidy: 0.2,
  signaled: 0.2,
  claim: 0.3,
  owned: 0.3,
};

export type Mishap = 'none' | 'crash-before' | 'crash-after' | 'lost' | 'unknown';

/** What becomes of one call. */
export function drawMishap(chance: Chance, faults: Faults, call: string): Mishap {
  const { crash, lost, unknown } = faults;
  const drawn = chance.next() / (SHARE[call] ?? 1);
  if (drawn < crash) return chance.happens(0.5) ? 'crash-before' : 'crash-after';
  if (drawn < crash + lost) return 'lost';
  return drawn < crash + lost + unknown ? 'unknown' : 'none';
}

/** Milliseconds on the way; often none, so that what belongs together mostly stays together. */
export function drawLatency(chance: Chance, { slow, slowMs, latencyMs }: Faults): number {
  if (chance.happens(slow)) return chance.int(1, slowMs);
  return latencyMs === 0 || chance.happens(0.5) ? 0 : chance.int(0, latencyMs);
}
