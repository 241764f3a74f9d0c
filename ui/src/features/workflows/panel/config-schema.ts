/** From the config schema of a type to fields: what is no field, what may hold an expression, what a choice is called. */
import type { NodeTypeAnswer } from '../../../../../src/contract/node-types.ts';
import { type JsonSchema, shapeOf } from '../../../components/schema/shape.ts';
import { matches } from '../../../components/schema/variants.ts';

/** Graphs: they are edited on the canvas. */
const BODIES: ReadonlySet<string> = new Set(['body', 'branches']);
/** The only type whose `body` is a value that is sent. */
const isBody = (name: string, schema: JsonSchema): boolean =>
  BODIES.has(name) && JSON.stringify(schema).includes('"nodes"');

/** Fields in which `{{ }}` is text like any other, by type. The engine does not say them with the schema. */
const RAW: Readonly<Record<string, readonly string[]>> = {
  agent: ['tools', 'output', 'limits', 'memory', 'safety'],
  approval: ['form'],
  classify: ['intents', 'threshold', 'entities', 'limits'],
  code: ['source'],
  extract: ['schema', 'limits'],
  'postgres.query': ['sql'],
};

/** What the variants of a whole config are for, in their order. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  switch: ['The first condition that holds', 'Compare a value'],
  delay: ['For some time', 'Until a moment'],
};

/** Without the graphs of containers, and with names for its variants. */
export function formSchemaOf({ type, configSchema }: Pick<NodeTypeAnswer, 'type' | 'configSchema'>): JsonSchema {
  const whole = configSchema as JsonSchema;
  const titles = VARIANTS[type];
  if (whole.anyOf !== undefined && titles !== undefined) {
    const anyOf = whole.anyOf.map((one, index) => ({ ...one, ...(titles[index] && { title: titles[index] }) }));
    return { ...whole, anyOf };
  }
  if (whole.properties === undefined) return whole;
  const fields = Object.entries(whole.properties).filter(([name, one]) => !isBody(name, one));
  return {
    ...whole,
    properties: Object.fromEntries(fields),
    required: (whole.required ?? []).filter((name) => fields.some(([one]) => one === name)),
  };
}

export type FieldKind =
  /** As the form draws it: no expression is taken. */
  | { readonly kind: 'plain' }
  | { readonly kind: 'code' }
  | { readonly kind: 'schema' }
  /** A text with `{{ }}`. */
  | { readonly kind: 'text'; readonly long: boolean }
  /** Anything: a text with `{{ }}`, or JSON with such texts in it. */
  | { readonly kind: 'any' }
  /** A value of this schema, or an expression for one. */
  | { readonly kind: 'either'; readonly fixed: JsonSchema };

const TEMPLATE = '{{ $json }}';

export function fieldKindOf(type: string, path: string, schema: JsonSchema): FieldKind {
  const [top = ''] = path.split(/[.[]/);
  if (type === 'code' && path === 'source') return { kind: 'code' };
  if (isSchemaField(path, schema)) return { kind: 'schema' };
  if (RAW[type]?.includes(top)) return { kind: 'plain' };
  if (type.startsWith('trigger ') && !isOfTrigger(top, schema)) return { kind: 'plain' };
  const fixed = withoutTemplate(schema);
  if (fixed !== undefined) {
    const shape = shapeOf(fixed);
    return shape.kind === 'text' ? { kind: 'text', long: shape.long } : { kind: 'either', fixed };
  }
  const shape = shapeOf(schema);
  if (shape.kind === 'any') return { kind: 'any' };
  if (shape.kind !== 'text' || schema.format !== undefined || !takesTemplate(schema)) return { kind: 'plain' };
  return { kind: 'text', long: shape.long };
}

/** A trigger works nothing out but its filters, its keys and its secrets. */
const isOfTrigger = (top: string, { pattern = '', description = '' }: JsonSchema): boolean =>
  pattern.includes('\\{\\{') ||
  (description.includes('$secrets') && matches(pattern, TEMPLATE)) ||
  top === 'requireHeaders';

/** A text without a pattern takes an expression. */
const takesTemplate = ({ pattern }: JsonSchema): boolean => pattern === undefined || matches(pattern, TEMPLATE);

const isSchemaField = (path: string, { description = '', type }: JsonSchema): boolean =>
  /^JSON Schema\b/.test(description) &&
  (type === undefined || type === 'object') &&
  path !== '' &&
  !path.endsWith('output');

const isTemplate = ({ type, pattern, enum: choices }: JsonSchema): boolean =>
  type === 'string' && choices === undefined && pattern?.includes('\\{\\{') === true && matches(pattern, TEMPLATE);

/** Of what may also be a template, the rest; undefined where it may not. */
function withoutTemplate({ anyOf, ...schema }: JsonSchema): JsonSchema | undefined {
  if (anyOf === undefined || !anyOf.some(isTemplate)) return undefined;
  const rest = anyOf.filter((one) => !isTemplate(one));
  const [only] = rest;
  if (only === undefined) return undefined;
  const said = { ...(schema.description !== undefined && { description: schema.description }) };
  return rest.length === 1 ? { ...only, ...said } : { ...schema, anyOf: rest };
}

/** It is a text that is worked out when the node runs. */
export const isExpression = (value: unknown): boolean => typeof value === 'string' && value.includes('{{');
