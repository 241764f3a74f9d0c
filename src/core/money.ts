/**
 * Money, in whole nanos (a billionth of the currency's unit): prices per million tokens become whole nanos per token,
 * and sums never lose anything. 9 million dollars fit.
 */
import { z } from 'zod';

export const priceSchema = z.strictObject({
  version: z.string().min(1).max(100).describe('Says which table a cost was made of, such as 2026-11'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'takes a currency such as USD')
    .default('USD'),
  input: z.number().min(0).max(1_000_000).describe('Per million tokens'),
  output: z.number().min(0).max(1_000_000).describe('Per million tokens'),
  cached: z.number().min(0).max(1_000_000).optional().describe('Per million input tokens read from a cache'),
});
/** Of a model, per million tokens. */
export type Price = z.infer<typeof priceSchema>;

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
