/** The settings of flow control, as they are written: how many of a workflow's executions may run, when, in what order. */
import { z } from 'zod';
import { durationSchema, parseDuration } from '../duration.ts';
import type { Fault } from '../errors.ts';
import { templateFaults } from '../expression/index.ts';

const MAX_BATCH = 1_000;

const key = (what: string) => z.string().max(1_000).optional().describe(`An expression in {{ }}: ${what}`);

/** Longer than nothing. */
const some = durationSchema.refine((text) => parseDuration(text) > 0, 'must be longer than nothing');

export const flowSettings = {
  concurrency: z
    .strictObject({ limit: z.int().min(1).max(10_000), key: key('as many for each value of it') })
    .optional()
    .describe('Executions at the same time'),
  rateLimit: z
    .strictObject({
      limit: z.int().min(1).max(10_000),
      per: some.describe('Within any time of this length'),
      key: key('as many for each value of it'),
    })
    .optional()
    .describe('Executions begun'),
  debounce: z
    .strictObject({
      wait: some.describe('Only the latest start goes on, when nothing came for so long'),
      max: some.optional().describe('At the latest after this time from the first; default: no limit'),
      key: key('starts of each value by themselves'),
    })
    .optional(),
  batch: z
    .strictObject({
      size: z.int().min(2).max(MAX_BATCH).describe('Starts gathered to one execution, at most'),
      wait: some.describe('At the latest after this time from the first'),
      key: key('starts of each value by themselves'),
    })
    .optional()
    .describe('`$trigger` becomes `{ batch: [trigger, …] }`'),
  session: key('one at a time for each value of it, in the order they were accepted'),
};

export type FlowSettings = z.infer<z.ZodObject<typeof flowSettings>>;

/** What a key may name: the start, before there is an execution. */
const VARIABLES = ['$trigger', '$json', '$now'];

/** What the shape alone does not tell; paths begin with `settings`. */
export function flowFaults(settings: FlowSettings): Fault[] {
  const { concurrency, rateLimit, debounce, batch, session } = settings;
  const faults: Fault[] = [];
  const check = (place: string, text: string | undefined) => {
    if (text === undefined) return;
    const path = `settings.${place}`;
    for (const { message } of templateFaults(text, VARIABLES)) faults.push({ path, message });
    if (!text.includes('{{'))
      faults.push({ path, message: 'is the same for every start; write an expression in {{ }}' });
  };
  check('concurrency.key', concurrency?.key);
  check('rateLimit.key', rateLimit?.key);
  check('debounce.key', debounce?.key);
  check('batch.key', batch?.key);
  check('session', session);
  if (debounce?.max !== undefined && parseDuration(debounce.max) < parseDuration(debounce.wait)) {
    faults.push({ path: 'settings.debounce.max', message: 'is shorter than `wait`; make it longer, or leave it out' });
  }
  if (debounce !== undefined && batch !== undefined) {
    faults.push({ path: 'settings.batch', message: 'a start is debounced or gathered, not both; remove one of them' });
  }
  return faults;
}
