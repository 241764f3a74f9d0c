/**
 * Checks values against JSON Schemas that users write (2020-12, and the tuples of draft 7). Interpreted and never
 * compiled to code; patterns run on RE2, in linear time; the work for one value is bounded. `check.ts` refuses, when
 * a schema is saved, what this cannot check, so that no keyword is silently without effect.
 */
import { type Fault, MyelinError } from '../errors.ts';
import { isObject } from '../json.ts';
import { NESTED_KEYWORDS } from './nested-keywords.ts';
import { type Run, spend } from './place.ts';
import { SCALAR_KEYWORDS } from './scalar-keywords.ts';

/** Faults told of one value; more do not help anyone. */
const MOST_FAULTS = 20;
/** Schemas and patterns tried on one value. */
const FUEL = 500_000;
/** Schemas inside schemas, which ends a `$ref` that goes round in a circle. */
const DEEPEST = 300;

const KEYWORDS = new Map([...SCALAR_KEYWORDS, ...NESTED_KEYWORDS]);

/**
 * What of `value` does not fit `schema`, with places such as `items[0].name` (empty for the value itself), at most 20;
 * empty where everything fits. Throws `limit_exceeded` where the schema asks for too much work.
 */
export function fitFaults(schema: unknown, value: unknown): Fault[] {
  const faults: Fault[] = [];
  visit({ run: { root: schema, patterns: new Map(), visit, fuel: FUEL, depth: 0 }, path: '', faults }, schema, value);
  return faults.slice(0, MOST_FAULTS);
}

const visit: Run['visit'] = (place, schema, value) => {
  const { run, faults, path } = place;
  spend(run);
  if (run.depth >= DEEPEST) throw new MyelinError('limit_exceeded', 'The JSON Schema refers to itself without an end.');
  if (schema === false) faults.push({ path, message: 'nothing is taken here' });
  if (!isObject(schema) || faults.length >= MOST_FAULTS) return;
  run.depth++;
  for (const [name, wanted] of Object.entries(schema)) KEYWORDS.get(name)?.(place, wanted, value, schema);
  run.depth--;
};
