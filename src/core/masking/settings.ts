/** `settings.mask` of a definition: what the history of its executions must not hold. */
import { z } from 'zod';
import { patternFault } from './custom.ts';
import { createMask, type Mask } from './mask.ts';
import { RULES } from './rules.ts';

const custom = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'takes letters, digits, _ and -, begins with a letter, at most 32'),
  pattern: z
    .string()
    .min(1)
    .max(500)
    .superRefine((pattern, context) => {
      const fault = patternFault(pattern);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    })
    .describe('A regular expression of RE2, such as `CUST-\\d{6}`'),
});

export const maskSchema = z
  .strictObject({
    rules: z.array(z.enum(RULES)).max(RULES.length).optional(),
    custom: z.array(custom).max(20).optional(),
    events: z.boolean().optional().describe('Mask what comes in before it is recorded; default true'),
  })
  .refine(({ rules = [], custom: own = [] }) => rules.length + own.length > 0, {
    message: `masks nothing; name rules (${RULES.join(', ')}) or write some under custom`,
  });
export type MaskSettings = z.output<typeof maskSchema>;

/** Null: nothing is masked. */
export function compileMask(settings: MaskSettings | undefined): Mask | null {
  if (settings === undefined || settings.events === false) return null;
  return createMask(settings.rules ?? [], settings.custom);
}
