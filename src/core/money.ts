/**
 * Money, in whole nanos (a billionth of the currency's unit): prices per million tokens become whole nanos per token,
 * and sums never lose anything. 9 million dollars fit.
 */
import type { Price } from './price.ts';

export interface Usage {
  /** All that was read, the cached ones too. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens?: number;
}

/** Nanos of one unit of a currency. */
export const NANOS = 1_000_000_000;

/** In nanos, rounded up; without a price it costs nothing. */
export function costOf(usage: Usage, price: Price | null): number {
  if (price === null) return 0;
  const cached = Math.min(usage.cachedTokens ?? 0, usage.inputTokens);
  const input = (usage.inputTokens - cached) * price.input + cached * (price.cached ?? price.input);
  return Math.ceil((input + usage.outputTokens * price.output) * 1_000 - 1e-6);
}

/** An amount as people write it, such as 0.5, in nanos. */
export const toNanos = (amount: number): number => Math.round(amount * NANOS);

/** Nanos as people read them: `0.0125`, at most 6 digits after the point. */
export function formatNanos(nanos: number): string {
  const text = (nanos / NANOS).toFixed(6).replace(/0+$/, '');
  return text.endsWith('.') ? `${text}00` : /\.\d$/.test(text) ? `${text}0` : text;
}
