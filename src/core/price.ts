/** What a model costs. Apart from the reckoning in money.ts, which the pages have too: they do without the schemas. */
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
