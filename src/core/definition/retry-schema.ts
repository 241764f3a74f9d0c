/** `retry` as it is written, of a node or as the default of a workflow. What contradicts itself is a fault. */
import { z } from 'zod';
import { durationSchema, parseDuration } from '../duration.ts';
import { ERRORS } from '../errors.ts';
import { BACKOFFS, OPEN_CIRCUIT } from '../retry.ts';
import { suggest } from '../suggest.ts';

const CODES = Object.keys(ERRORS);

/**
 * The code of an error. A node type may have codes of its own, so any word that looks like a code is taken, except
 * one that is nearly one of the table: that is a slip, and a policy that never matches is worse than an error.
 */
const code = z.string().superRefine((text, context) => {
  const message = codeFault(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

function codeFault(text: string): string | undefined {
  if (CODES.includes(text)) return undefined;
  const near = suggest(text, CODES);
  if (near !== '') return `unknown error code ${text}${near}`;
  return /^[a-z][a-z0-9_]{0,63}$/.test(text)
    ? undefined
    : 'takes the code of an error, such as timeout or http_server_error; docs/errors.md lists them';
}

const codes = z.array(code).min(1).max(100);

export const retrySchema = z
  .strictObject({
    attempts: z.int().min(1).max(1000).optional().describe('All attempts, the first included; default 3'),
    backoff: z.enum(BACKOFFS).optional().describe('Default exponential; list where `delays` is given'),
    delay: durationSchema.optional().describe('Before the second attempt; default 1s'),
    delays: z
      .array(durationSchema)
      .min(1)
      .max(100)
      .optional()
      .describe('Before the second attempt, the third, and so on; the last one repeats'),
    max: durationSchema.optional().describe('Longest delay; default 60s, or `delay` where that is longer'),
    jitter: z
      .boolean()
      .optional()
      .describe('Draw each delay from 0 to its full length; default true, with `delays` false'),
    retryOn: codes.optional().describe('Codes of errors that are tried again though they are permanent'),
    doNotRetryOn: codes.optional().describe('Codes of errors that are not tried again'),
    openCircuit: z
      .enum(OPEN_CIRCUIT)
      .optional()
      .describe('What an open circuit does: `wait` until it closes (default), or `count` as a failed attempt'),
  })
  .superRefine((retry, context) => {
    const fault = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    const { backoff, delay, delays, max, retryOn, doNotRetryOn = [] } = retry;
    if (backoff === 'list' && delays === undefined) fault('delays', 'is missing: backoff list takes delays: [1s, 5s]');
    if (delays !== undefined && backoff !== undefined && backoff !== 'list') {
      fault('delays', `belongs to backoff list, not to ${backoff}; remove one of them`);
    }
    if (delays !== undefined && delay !== undefined) fault('delay', 'is not used beside delays; remove one of them');
    if (delays !== undefined && max !== undefined) fault('max', 'is not used beside delays; write the delays as meant');
    if (delay !== undefined && max !== undefined && parseDuration(max) < parseDuration(delay)) {
      fault('max', `is shorter than delay (${delay}); raise max or lower delay`);
    }
    for (const both of retryOn?.filter((one) => doNotRetryOn.includes(one)) ?? []) {
      fault('doNotRetryOn', `${both} is in retryOn too; remove it from one of them`);
    }
  });

export type RetryDefinition = z.infer<typeof retrySchema>;
