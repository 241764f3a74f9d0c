/** What control a JSON Schema asks for, and which of several variants a value is. Nothing here draws. */

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  /** A secret: it is written, and never shown. */
  readonly writeOnly?: boolean;
  /** It is the name of a connection of this type. */
  readonly 'x-connection'?: string;
  /** These fields are shown at once and in this order, set or not. */
  readonly 'x-first'?: readonly string[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

export type Shape =
  | { readonly kind: 'choice'; readonly choices: readonly unknown[] }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number'; readonly whole: boolean }
  | { readonly kind: 'text'; readonly long: boolean }
  | { readonly kind: 'object' }
  | { readonly kind: 'list'; readonly items: JsonSchema }
  | { readonly kind: 'record'; readonly values: JsonSchema }
  | { readonly kind: 'variants'; readonly variants: readonly JsonSchema[] }
  | { readonly kind: 'any' };

/** A text longer than this is written in a box of several lines. */
const ONE_LINE = 200;
const SCALARS = new Set(['string', 'number', 'integer', 'boolean', 'null']);

/** References to `$defs` followed, parts of `allOf` joined. */
export function plainOf(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const name = schema.$ref?.startsWith('#/$defs/') ? schema.$ref.slice('#/$defs/'.length) : undefined;
  const { $ref: _, allOf, ...own } = schema;
  const found = name === undefined ? undefined : root.$defs?.[name];
  const parts = [...(found ? [plainOf(found, root)] : []), ...(allOf ?? []).map((part) => plainOf(part, root))];
  if (parts.length === 0) return schema;
  let all: JsonSchema = {};
  for (const part of [...parts, own]) all = joined(all, part);
  return all;
}

const joined = (one: JsonSchema, other: JsonSchema): JsonSchema => ({
  ...one,
  ...other,
  ...((one.properties || other.properties) && { properties: { ...one.properties, ...other.properties } }),
  ...((one.required || other.required) && { required: [...(one.required ?? []), ...(other.required ?? [])] }),
});

export function shapeOf(schema: JsonSchema): Shape {
  const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]) ?? constantsOf(schema);
  if (choices !== undefined && schema.type !== 'boolean') return { kind: 'choice', choices };
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined && schema.properties === undefined) return shapeOfAlternatives(alternatives);
  const types = typesOf(schema);
  if (types.length > 1) return types.every((type) => SCALARS.has(type)) ? textOf(schema) : { kind: 'any' };
  const [type] = types;
  if (type === 'object' || (type === undefined && schema.properties !== undefined)) return shapeOfObject(schema);
  if (type === 'array') return { kind: 'list', items: schema.items ?? {} };
  if (type === 'boolean') return { kind: 'boolean' };
  if (type === 'number' || type === 'integer') return { kind: 'number', whole: type === 'integer' };
  return type === 'string' ? textOf(schema) : { kind: 'any' };
}

const typesOf = ({ type }: JsonSchema): readonly string[] =>
  (type === undefined ? [] : typeof type === 'string' ? [type] : type).filter(
    (one, _, all) => one !== 'null' || all.length === 1,
  );

const textOf = ({ maxLength = 0 }: JsonSchema): Shape => ({ kind: 'text', long: maxLength > ONE_LINE });

function shapeOfObject(schema: JsonSchema): Shape {
  if (schema.properties !== undefined) return { kind: 'object' };
  const { additionalProperties: values } = schema;
  return values === false ? { kind: 'any' } : { kind: 'record', values: typeof values === 'object' ? values : {} };
}

/** A number, or a text that says the same (`90s`), is one field. */
function shapeOfAlternatives(alternatives: readonly JsonSchema[]): Shape {
  const rest = alternatives.filter(({ type }) => type !== 'null');
  if (rest.length === 1) return shapeOf(rest[0]!);
  const shapes = rest.map(shapeOf);
  const text = shapes.find(({ kind }) => kind === 'text');
  if (text !== undefined && shapes.every(({ kind }) => kind === 'text' || kind === 'number')) return text;
  return { kind: 'variants', variants: rest };
}

function constantsOf({ anyOf, oneOf }: JsonSchema): readonly unknown[] | undefined {
  const list = anyOf ?? oneOf;
  return list?.every((one) => one.const !== undefined) ? list.map((one) => one.const) : undefined;
}

/** What a value begins as where a list or a choice makes one. */
export function emptyOf(schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'choice':
      return shape.choices[0];
    case 'boolean':
      return false;
    case 'number':
      return schema.minimum ?? 0;
    case 'list':
      return [];
    case 'record':
      return {};
    case 'variants':
      return emptyOf(shape.variants[0] ?? {});
    case 'object': {
      const names = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name));
      return Object.fromEntries(names.map(([name, one]) => [name, emptyOf(one)]));
    }
    default:
      return '';
  }
}
