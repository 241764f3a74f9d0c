/** Several schemas for one value: which one it follows, what they are called, what stays when another is chosen. */
import { isObject } from '../../../../src/core/json.ts';
import { emptyOf, type JsonSchema, shapeOf } from './shape.ts';

/** Of the value as it is; the first where none fits. */
export function variantOf(variants: readonly JsonSchema[], value: unknown): number {
  if (value === undefined) return 0;
  const weights = variants.map((schema) => fit(schema, value));
  return Math.max(0, weights.indexOf(Math.max(...weights)));
}

/** How well a value fits; below 0 not at all. */
function fit(schema: JsonSchema, value: unknown): number {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'choice':
      return shape.choices.includes(value) ? 3 : -1;
    case 'boolean':
      return typeof value === 'boolean' ? 2 : -1;
    case 'number':
      return typeof value === 'number' ? 2 : -1;
    case 'text':
      return typeof value === 'string' ? (matches(schema.pattern, value) ? 2 : 1) : -1;
    case 'list': {
      if (!Array.isArray(value)) return -1;
      return value.length === 0 ? 1 : 1 + fit(shape.items, value[0]) / 10;
    }
    case 'record':
      return isObject(value) ? 1 : -1;
    case 'object':
      return isObject(value) ? fitOfObject(schema, value) : -1;
    case 'variants':
      return Math.max(...shape.variants.map((one) => fit(one, value)));
    default:
      return 0;
  }
}

function fitOfObject({ properties = {}, required = [] }: JsonSchema, value: Readonly<Record<string, unknown>>): number {
  let weight = 1;
  for (const [name, one] of Object.entries(properties)) {
    if (one.const !== undefined && name in value && value[name] !== one.const) return -1;
    if (name in value) weight += 1 + Math.max(-1, fit(one, value[name])) / 10;
  }
  for (const name of required) if (!(name in value)) weight -= 1;
  for (const name of Object.keys(value)) if (!(name in properties)) weight -= 1;
  return Math.max(weight, 0);
}

export function matches(pattern: string | undefined, text: string): boolean {
  try {
    return pattern === undefined || new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

/** Short words to choose by. */
export function labelsOf(variants: readonly JsonSchema[]): readonly string[] {
  const labels = variants.map((schema) => schema.title ?? labelOf(schema, variants));
  return labels.map((label, index) => (labels.indexOf(label) === index ? label : `${label} ${index + 1}`));
}

function labelOf(schema: JsonSchema, all: readonly JsonSchema[]): string {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'choice':
      return shape.choices.length > 3 ? 'one of a list' : shape.choices.map(String).join(' or ');
    case 'boolean':
      return 'yes or no';
    case 'number':
      return 'a number';
    case 'text':
      return 'a text';
    case 'list':
      return 'a list';
    case 'record':
      return 'names and values';
    case 'object': {
      const fixed = Object.values(schema.properties ?? {}).find((one) => one.const !== undefined)?.const;
      if (fixed !== undefined) return String(fixed);
      const { required = [] } = schema;
      const others = all.filter((one) => one !== schema);
      const alone = required.filter((name) => !others.some((one) => one.properties && name in one.properties));
      const own = required.filter((name) => !all.every((one) => one.required?.includes(name)));
      const names = [alone.slice(0, 1), own, required].find((list) => list.length > 0);
      return names?.join(', ') ?? 'an object';
    }
    default:
      return 'JSON';
  }
}

/** What of a value another variant can take; what it cannot is left out. */
export function carry(value: unknown, schema: JsonSchema): unknown {
  const shape = shapeOf(schema);
  if (shape.kind === 'object' && isObject(value)) {
    const empty = emptyOf(schema) as Readonly<Record<string, unknown>>;
    const kept = Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
      name in value && one.const === undefined ? [[name, carry(value[name], one)]] : [],
    );
    return { ...empty, ...Object.fromEntries(kept) };
  }
  if (shape.kind === 'list') {
    if (Array.isArray(value)) return value.map((item) => carry(item, shape.items));
    return value === undefined || value === '' ? [] : [carry(value, shape.items)];
  }
  if (shape.kind === 'text' && Array.isArray(value)) return typeof value[0] === 'string' ? value[0] : '';
  return fit(schema, value) >= 0 && value !== undefined ? value : emptyOf(schema);
}
