/** Keywords that hold schemas: for fields, for items, for alternatives, and by reference. */
import type { Fault } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import {
  canonical,
  entries,
  fail,
  fits,
  inside,
  type Keyword,
  type Keywords,
  list,
  matches,
  type Place,
  trial,
  visit,
} from './place.ts';
import { resolveReference } from './reference.ts';

const required: Keyword = (place, wanted, value) => {
  if (!isObject(value)) return;
  for (const name of list(wanted)) {
    if (!Object.hasOwn(value, String(name))) fail(inside(place, String(name)), 'is missing');
  }
};

const dependentRequired: Keyword = (place, wanted, value, schema) => {
  if (!isObject(value)) return;
  for (const [name, needed] of entries(wanted)) if (Object.hasOwn(value, name)) required(place, needed, value, schema);
};

const properties: Keyword = (place, wanted, value) => {
  if (!isObject(value)) return;
  for (const [name, schema] of entries(wanted)) {
    if (Object.hasOwn(value, name)) visit(inside(place, name), schema, value[name]);
  }
};

const patternProperties: Keyword = (place, wanted, value) => {
  for (const [pattern, schema] of entries(wanted)) {
    for (const [name, field] of entries(value)) {
      if (matches(place.run, pattern, name)) visit(inside(place, name), schema, field);
    }
  }
};

/** For the fields that neither `properties` nor `patternProperties` speaks of. */
const additionalProperties: Keyword = (place, wanted, value, schema) => {
  const known = isObject(schema.properties) ? schema.properties : {};
  const patterns = entries(schema.patternProperties).map(([pattern]) => pattern);
  for (const [name, field] of entries(value)) {
    if (Object.hasOwn(known, name) || patterns.some((pattern) => matches(place.run, pattern, name))) continue;
    if (wanted === false) fail(inside(place, name), 'is not a known field');
    else visit(inside(place, name), wanted, field);
  }
};

const propertyNames: Keyword = (place, wanted, value) => {
  for (const [name] of entries(value)) visit(inside(place, name), wanted, name);
};

function eachItem(place: Place, value: unknown, from: number, schemaOf: (index: number) => unknown): void {
  if (!Array.isArray(value)) return;
  for (let index = from; index < value.length; index++) visit(inside(place, index), schemaOf(index), value[index]);
}

/** A list of schemas is the tuple of draft 7. */
const items: Keyword = (place, wanted, value, schema) => {
  if (Array.isArray(wanted)) eachItem(place, value, 0, (index) => wanted[index]);
  else eachItem(place, value, list(schema.prefixItems).length, () => wanted);
};

const additionalItems: Keyword = (place, wanted, value, schema) => {
  if (Array.isArray(schema.items)) eachItem(place, value, schema.items.length, () => wanted);
};

const contains: Keyword = (place, wanted, value, schema) => {
  if (!Array.isArray(value)) return;
  const count = value.filter((item) => fits(place, wanted, item)).length;
  const least = limit(schema, 'minContains', 1);
  const most = limit(schema, 'maxContains', value.length);
  if (count < least || count > most)
    fail(place, `holds ${count} items that fit \`contains\`, takes ${least} to ${most}`);
};

const limit = (schema: JsonObject, name: string, otherwise: number) =>
  typeof schema[name] === 'number' ? schema[name] : otherwise;

const uniqueItems: Keyword = (place, wanted, value) => {
  if (wanted !== true || !Array.isArray(value)) return;
  if (new Set(value.map(canonical)).size < value.length) fail(place, 'holds the same item twice');
};

const allOf: Keyword = (place, wanted, value) => {
  for (const schema of list(wanted)) visit(place, schema, value);
};

/** Where no alternative fits, the one with the fewest faults is the one to speak of. */
const anyOf: Keyword = (place, wanted, value) => {
  let best: Fault[] = [];
  for (const schema of list(wanted)) {
    const faults = trial(place, schema, value);
    if (faults.length === 0) return;
    if (best.length === 0 || faults.length < best.length) best = faults;
  }
  place.faults.push(...best);
};

const oneOf: Keyword = (place, wanted, value) => {
  const count = list(wanted).filter((schema) => fits(place, schema, value)).length;
  if (count !== 1) fail(place, `fits ${count} of the alternatives of \`oneOf\`, must fit exactly one`);
};

const not: Keyword = (place, wanted, value) => {
  if (fits(place, wanted, value)) fail(place, 'is what `not` excludes');
};

const condition: Keyword = (place, wanted, value, schema) => {
  const branch = fits(place, wanted, value) ? schema.then : schema.else;
  if (branch !== undefined) visit(place, branch, value);
};

export const NESTED_KEYWORDS: Keywords = [
  ['$ref', (place, wanted, value) => visit(place, resolveReference(place.run.root, wanted), value)],
  ['required', required],
  ['dependentRequired', dependentRequired],
  ['properties', properties],
  ['patternProperties', patternProperties],
  ['additionalProperties', additionalProperties],
  ['propertyNames', propertyNames],
  ['prefixItems', (place, wanted, value) => eachItem(place, value, 0, (index) => list(wanted)[index])],
  ['items', items],
  ['additionalItems', additionalItems],
  ['contains', contains],
  ['uniqueItems', uniqueItems],
  ['allOf', allOf],
  ['anyOf', anyOf],
  ['oneOf', oneOf],
  ['not', not],
  ['if', condition],
];
