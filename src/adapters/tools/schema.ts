/**
 * From the schema that a source gives to one that we can check and any model can read: local references are written
 * out, what OpenAPI 3.0 says in its own way is said in that of JSON Schema, and what we cannot check is left out, since
 * the source checks it as well. A reference to a schema that is being written out (a tree) becomes one that takes
 * anything; so does what passes the bounds of depth and size.
 */
import { RE2JS } from 're2js';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { jsonSchemaFaults } from '../../core/json-schema/check.ts';
import { resolveReference } from '../../core/json-schema/reference.ts';
import { isUnsafeKey } from '../../core/safe-json.ts';

/** Schemas inside schemas. */
const DEEPEST = 24;
/** Schemas of one tool. */
const MOST = 2_000;

interface Writing {
  readonly root: unknown;
  /** References that are being written out. */
  readonly open: readonly string[];
  readonly depth: number;
  readonly fuel: { left: number };
}

const NESTED = ['additionalItems', 'additionalProperties', 'contains', 'else', 'if', 'not', 'propertyNames', 'then'];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const NUMBERS = /^(min|max)(imum|Length|Items|Properties|Contains)$|^exclusive(Minimum|Maximum)$|^multipleOf$/;
const KEPT = ['title', 'description', 'default', 'const', 'format', 'uniqueItems'];
const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** A schema of type object for arguments; `root` is what its references speak of. */
export function argumentSchema(schema: unknown, root: unknown): { readonly [key: string]: Json } {
  const plain = plainSchema(schema, root);
  const whole = isObject(plain) ? { ...plain, type: 'object' } : { type: 'object' };
  return jsonSchemaFaults(whole).length === 0 ? whole : { type: 'object' };
}

/** Any schema, written out. */
export function plainSchema(schema: unknown, root: unknown): Json {
  return write({ root, open: [], depth: 0, fuel: { left: MOST } }, schema);
}

function write(at: Writing, schema: unknown): Json {
  if (typeof schema === 'boolean') return schema;
  if (!isObject(schema) || at.depth > DEEPEST || at.fuel.left-- <= 0) return {};
  if (typeof schema.$ref === 'string') return writeReference(at, schema, schema.$ref);
  const inner = { ...at, depth: at.depth + 1 };
  const written: { [key: string]: Json } = {};
  for (const name of Object.keys(schema)) {
    const value = writeKeyword(inner, name, schema[name]);
    if (value !== undefined) written[name] = value;
  }
  return fromOpenapi(written, schema);
}

/** What stands beside a reference holds too; a description there is the nearer one. */
function writeReference(at: Writing, schema: JsonObject, reference: string): Json {
  const { $ref: _, ...beside } = schema;
  const target = at.open.includes(reference) ? undefined : resolveReference(at.root, reference);
  const inner = { ...at, open: [...at.open, reference], depth: at.depth + 1 };
  const written = target === undefined ? {} : write(inner, target);
  const more = write({ ...at, depth: at.depth + 1 }, beside);
  if (!isObject(more) || Object.keys(more).length === 0) return written;
  return isObject(written) ? { ...written, ...more } : more;
}

function writeKeyword(at: Writing, name: string, value: unknown): Json | undefined {
  if (name === 'properties') return writeNamed(at, value);
  if (name === 'patternProperties') return writeNamed(at, value, isPattern);
  if (name === 'items') return Array.isArray(value) ? writeList(at, value) : write(at, value);
  if (NESTED.includes(name)) return write(at, value);
  if (LISTS.includes(name)) return writeList(at, value);
  if (name === 'type') return writeType(value);
  if (name === 'pattern') return typeof value === 'string' && isPattern(value) ? value : undefined;
  if (name === 'enum') return Array.isArray(value) ? (value as Json[]) : undefined;
  if (name === 'required') return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
  if (NUMBERS.test(name)) return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  return KEPT.includes(name) ? (value as Json) : undefined;
}

function writeNamed(at: Writing, schemas: unknown, takes: (name: string) => boolean = () => true): Json | undefined {
  if (!isObject(schemas)) return undefined;
  const named = Object.entries(schemas).filter(([name]) => takes(name) && !isUnsafeKey(name));
  return Object.fromEntries(named.map(([name, schema]) => [name, write(at, schema)]));
}

function writeList(at: Writing, schemas: unknown): Json | undefined {
  return Array.isArray(schemas) && schemas.length > 0 ? schemas.map((schema) => write(at, schema)) : undefined;
}

function writeType(value: unknown): Json | undefined {
  const names = (Array.isArray(value) ? value : [value]).filter((name) => TYPES.includes(name));
  return names.length > 1 ? names : names[0];
}

function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** `nullable`, and limits that are excluded by a word of true. */
function fromOpenapi(written: { [key: string]: Json }, schema: JsonObject): Json {
  for (const [limit, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    const value = written[limit];
    if (schema[exclusive] !== true || value === undefined) continue;
    written[exclusive] = value;
    delete written[limit];
  }
  if (schema.nullable !== true) return written;
  if (typeof written.type === 'string') {
    const { enum: values, type } = written;
    if (Array.isArray(values) && !values.includes(null)) written.enum = [...values, null];
    return { ...written, type: [type, 'null'] };
  }
  return { anyOf: [written, { type: 'null' }] };
}
