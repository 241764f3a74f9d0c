/** Fills in what a newer version of a schema requires, and gives a default for: so older data is data of that version. */
import { MyelinError } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { resolveReference } from '../json-schema/reference.ts';

interface Run {
  readonly root: unknown;
  /** Schemas that may still be looked at. */
  fuel: number;
}

const FUEL = 100_000;
/** Schemas inside schemas, which ends a `$ref` that goes round in a circle. */
const DEEPEST = 300;

/** `data` itself where nothing was missing. Throws `limit_exceeded` where the schema asks for too much work. */
export function withDefaults(schema: unknown, data: unknown): unknown {
  return filled({ root: schema, fuel: FUEL }, schema, data, 0);
}

function filled(run: Run, schema: unknown, data: unknown, depth: number): unknown {
  if (!isObject(schema)) return data;
  if (run.fuel-- <= 0 || depth >= DEEPEST) {
    throw new MyelinError('limit_exceeded', 'The JSON Schema asks for too much work on this value; simplify it.');
  }
  const { $ref } = schema;
  const known = $ref === undefined ? data : filled(run, resolveReference(run.root, $ref), data, depth + 1);
  if (Array.isArray(known)) return filledItems(run, schema, known, depth + 1);
  return isObject(known) && isObject(schema.properties) ? filledFields(run, schema, known, depth + 1) : known;
}

function filledItems(run: Run, { items }: JsonObject, data: readonly unknown[], depth: number): unknown {
  if (!isObject(items)) return data;
  const whole = data.map((item) => filled(run, items, item, depth));
  return whole.some((item, at) => item !== data[at]) ? whole : data;
}

function filledFields(run: Run, schema: JsonObject, data: JsonObject, depth: number): unknown {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const changed: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.properties as JsonObject)) {
    const has = Object.hasOwn(data, name);
    const given = has ? data[name] : required.has(name) && isObject(field) ? field.default : undefined;
    if (given === undefined) continue;
    const value = filled(run, field, given, depth);
    if (!has || value !== data[name]) changed[name] = value;
  }
  return Object.keys(changed).length === 0 ? data : { ...data, ...changed };
}
