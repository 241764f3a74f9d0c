/**
 * The way out of an expression: what leaves is plain data of a bounded size and depth. Dates become ISO texts;
 * a regular expression, a function or any host object is refused. What needs no change is not copied.
 */
import { fail, MAX_DEPTH, MAX_RESULT, MAX_TEXT, NODE_WEIGHT, Refusal, tooDeep } from './budget.ts';
import { isUnsafe } from './members.ts';
import { isPlainObject, kindOf, Opaque } from './values.ts';

interface Scale {
  left: number;
  /** Weight of an array or object beside what it holds. */
  readonly perNode: number;
  /** Added to the weight of a value for each level it is nested. */
  readonly perLevel: number;
}

/** `value` as plain data; throws `expression_limit` when it weighs more than `MAX_RESULT`. */
export function toPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return plainPrimitive(value);
  return plainValue(value, 0, { left: MAX_RESULT, perNode: NODE_WEIGHT, perLevel: 0 });
}

/** For a value read by a mere path from the input, which is plain data already: looks at the outermost value only. */
export function toPlainPath(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return plainPrimitive(value);
  return Array.isArray(value) || isPlainObject(value) ? value : toPlain(value);
}

/** JSON text of `value`, at most `MAX_TEXT` characters; undefined where JSON has no form for it. */
export function toJson(value: unknown, indent = 0): string | undefined {
  const plain = plainValue(value, 0, { left: MAX_TEXT, perNode: 1, perLevel: indent });
  const text: string | undefined = JSON.stringify(plain, null, indent);
  if (text !== undefined && text.length > MAX_TEXT) tooLarge();
  return text;
}

function plainPrimitive(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') refuse(value);
  return value;
}

function refuse(value: unknown): never {
  return fail(`${kindOf(value)} cannot be a result`);
}

function tooLarge(): never {
  throw new Refusal('expression_limit', 'it made a value that is too large');
}

function plainValue(value: unknown, depth: number, scale: Scale): unknown {
  scale.left -= 1 + scale.perLevel * depth;
  if (typeof value === 'string') scale.left -= value.length;
  if (scale.left < 0) tooLarge();
  if (typeof value !== 'object' || value === null) return plainPrimitive(value);
  scale.left -= scale.perNode;
  if (depth >= MAX_DEPTH) tooDeep();
  if (Array.isArray(value)) return plainArray(value, depth + 1, scale);
  if (value instanceof Opaque) return value.toPlain();
  return isPlainObject(value) ? plainObject(value, depth + 1, scale) : refuse(value);
}

function plainArray(array: readonly unknown[], depth: number, scale: Scale): unknown {
  let copy: unknown[] | undefined;
  for (let i = 0; i < array.length; i++) {
    const item = plainValue(array[i], depth, scale);
    if (!Object.is(item, array[i]) && copy === undefined) copy = array.slice(0, i);
    copy?.push(item);
  }
  return copy ?? array;
}

function plainObject(object: Record<string, unknown>, depth: number, scale: Scale): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    if (isUnsafe(key)) fail(`the key ${key} is refused`);
    scale.left -= key.length;
    const value = plainValue(object[key], depth, scale);
    if (Object.is(value, object[key])) continue;
    copy ??= { ...object };
    copy[key] = value;
  }
  return copy ?? object;
}
