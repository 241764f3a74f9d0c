/** Checks a JSON Schema itself, when it is saved: what it names must exist, and what we cannot check is refused. */
import { RE2JS } from 're2js';
import type { Fault } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { entries, list } from './place.ts';
import { resolveReference } from './reference.ts';
import { TYPE_NAMES } from './scalar-keywords.ts';

/** Levels of schemas in a schema. */
const DEEPEST = 100;

const REFUSED: ReadonlySet<string> = new Set([
  '$dynamicRef',
  '$recursiveRef',
  'dependencies',
  'dependentSchemas',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const HOLD_SCHEMA: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
]);
const HOLD_LIST: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const HOLD_NAMED: ReadonlySet<string> = new Set(['$defs', 'definitions', 'patternProperties', 'properties']);
const HOLD_NUMBER = /^(min|max)(imum|Length|Items|Properties|Contains)$|^exclusive(Minimum|Maximum)$|^multipleOf$/;

interface Check {
  readonly root: unknown;
  readonly faults: Fault[];
}

/** The faults of a schema, with places such as `properties.id.pattern`; empty where it can be used. */
export function jsonSchemaFaults(schema: unknown): Fault[] {
  const check: Check = { root: schema, faults: [] };
  checkSchema(check, schema, '', 0);
  return check.faults;
}

function checkSchema(check: Check, schema: unknown, path: string, depth: number): void {
  if (typeof schema === 'boolean') return;
  if (!isObject(schema)) fault(check, path, 'a JSON Schema is an object, true or false');
  else if (depth > DEEPEST) fault(check, path, `nested more than ${DEEPEST} levels deep; use $defs and $ref`);
  else checkKeywords(check, schema, path, depth);
}

function checkKeywords(check: Check, schema: JsonObject, path: string, depth: number): void {
  for (const [name, wanted] of Object.entries(schema)) {
    const at = join(path, name);
    if (HOLD_LIST.has(name) || (name === 'items' && Array.isArray(wanted))) checkList(check, wanted, at, depth);
    else if (HOLD_SCHEMA.has(name)) checkSchema(check, wanted, at, depth + 1);
    else if (HOLD_NAMED.has(name)) checkNamed(check, wanted, at, depth);
    else checkPlain(check, schema, name, at);
  }
  for (const [pattern] of entries(schema.patternProperties)) checkPattern(check, pattern, join(path, pattern));
}

function checkList(check: Check, schemas: unknown, path: string, depth: number): void {
  if (list(schemas).length === 0) fault(check, path, 'takes a list of at least one schema');
  list(schemas).forEach((schema, index) => {
    checkSchema(check, schema, `${path}[${index}]`, depth + 1);
  });
}

function checkNamed(check: Check, schemas: unknown, path: string, depth: number): void {
  if (!isObject(schemas)) fault(check, path, 'takes an object of schemas by name');
  for (const [name, schema] of entries(schemas)) checkSchema(check, schema, join(path, name), depth + 1);
}

/** Keywords that hold no schema. */
function checkPlain(check: Check, schema: JsonObject, name: string, path: string): void {
  const wanted = schema[name];
  if (REFUSED.has(name)) fault(check, path, 'this keyword is not supported');
  else if (name === '$ref' && resolveReference(check.root, wanted) === undefined) {
    fault(check, path, `${JSON.stringify(wanted)} is not in this schema; references look like #/$defs/name`);
  } else if (name === 'type') checkType(check, wanted, path);
  else if (name === 'pattern') checkPattern(check, wanted, path);
  else if ((name === 'required' || name === 'enum') && !Array.isArray(wanted)) fault(check, path, 'takes a list');
  else if (HOLD_NUMBER.test(name) && !(typeof wanted === 'number' && (name !== 'multipleOf' || wanted > 0))) {
    fault(check, path, name === 'multipleOf' ? 'takes a number above 0' : 'takes a number');
  }
}

function checkType(check: Check, wanted: unknown, path: string): void {
  const names = Array.isArray(wanted) ? wanted : [wanted];
  if (names.length > 0 && names.every((name) => TYPE_NAMES.includes(name))) return;
  fault(check, path, `takes one or more of ${TYPE_NAMES.join(', ')}`);
}

function checkPattern(check: Check, pattern: unknown, path: string): void {
  try {
    RE2JS.compile(String(pattern));
  } catch {
    fault(check, path, `${JSON.stringify(pattern)} is not a pattern of RE2, which has no look-around and no \\1`);
  }
}

function fault(check: Check, path: string, message: string): void {
  check.faults.push({ path, message });
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);
