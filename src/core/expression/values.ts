/**
 * The values of the interpreter and how they turn into text, numbers and truth. A value is plain data or one of our
 * own opaque values. JavaScript's own conversions are never used on objects, since they call what the object holds.
 */
import { append, chargeItems, chargeText, fail, MAX_DEPTH, tooDeep } from './budget.ts';
import type { Env } from './env.ts';

/** A function of the method tables; `self` is the value before the dot. */
export type Method<T = unknown> = (self: T, args: readonly unknown[], env: Env) => unknown;
export type Methods<T = unknown> = ReadonlyMap<string, Method<T>>;

/** A value with an inside that expressions cannot see: a date, a duration, a regular expression. */
export abstract class Opaque {
  /** What messages call it. */
  abstract readonly kind: string;
  abstract readonly methods: Methods;
  /** A property, undefined where there is none of this name. */
  abstract member(name: string): unknown;
  abstract toText(): string;
  abstract toNumber(): number;
  /** What leaves the expression in its place. */
  abstract toPlain(): unknown;
}

/** A function given to a method. The compiler makes one only in the place of an argument: it is never a value. */
export class Callback {
  readonly call: (args: unknown[]) => unknown;

  constructor(call: (args: unknown[]) => unknown) {
    this.call = call;
  }
}

/** A method table from an object literal. */
export function table<T>(entries: Record<string, Method<T>>): Methods<T> {
  return new Map(Object.entries(entries));
}

const ObjectPrototype = Object.prototype;
const getPrototypeOf = Object.getPrototypeOf;

/** True for an object made by `{}`, by JSON or without a prototype. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = getPrototypeOf(value);
  return prototype === ObjectPrototype || prototype === null;
}

/** What messages call a value. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'a boolean';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Opaque) return value.kind;
  return isPlainObject(value) ? 'an object' : 'a value that is not plain data';
}

/** JavaScript's `String(value)`; an object is `[object Object]` whatever it holds. */
export function toText(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return joinTexts(value, ',', depth + 1);
  if (value instanceof Opaque) return value.toText();
  if (isPlainObject(value)) return '[object Object]';
  if (value == null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return fail(`${kindOf(value)} cannot be read`);
}

/** JavaScript's `items.join(separator)`. */
export function joinTexts(items: readonly unknown[], separator: string, depth = 0): string {
  if (depth > MAX_DEPTH) tooDeep();
  chargeItems(items.length);
  let text = '';
  for (let i = 0; i < items.length; i++) {
    if (i > 0) text = append(text, separator);
    const item = items[i];
    if (item != null) text = append(text, toText(item, depth));
  }
  chargeText(text.length);
  return text;
}

/** JavaScript's `Number(value)`. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    if (value.length > 256) chargeText(value.length);
    return Number(value);
  }
  if (value instanceof Opaque) return value.toNumber();
  if (typeof value === 'object' && value !== null) return toNumber(toText(value));
  return value == null || typeof value === 'boolean' ? Number(value) : fail(`${kindOf(value)} cannot be read`);
}

/** An argument that is a whole number: truncated, NaN is 0, `fallback` where it is undefined. */
export function toInteger(value: unknown, fallback = 0): number {
  if (value === undefined) return fallback;
  const number = Math.trunc(toNumber(value));
  return Number.isNaN(number) ? 0 : number;
}

/** JavaScript's ToPrimitive with the hint "number": dates compare by their time, other objects by their text. */
export function toPrimitive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return value instanceof Opaque ? value.toNumber() : toText(value);
}

/** JavaScript's `===`, save that two dates (or durations) are equal when their times are. */
export function strictEquals(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && left.length > 256) chargeText(left.length);
  return left === right || sameMoment(left, right);
}

function sameMoment(left: unknown, right: unknown): boolean {
  if (!(left instanceof Opaque) || !(right instanceof Opaque) || left.kind !== right.kind) return false;
  return left.toNumber() === right.toNumber();
}

/** JavaScript's `==`, with the same exception. */
export function looseEquals(left: unknown, right: unknown): boolean {
  if (left == null || right == null) return left == null && right == null;
  const leftIsObject = typeof left === 'object';
  if (leftIsObject && typeof right === 'object') return strictEquals(left, right);
  if (typeof left === typeof right) return strictEquals(left, right);
  if (leftIsObject) return looseEquals(toLoose(left, right), right);
  if (typeof right === 'object') return looseEquals(left, toLoose(right, left));
  return toNumber(left) === toNumber(right);
}

function toLoose(value: unknown, other: unknown): unknown {
  return value instanceof Opaque && typeof other === 'number' ? value.toNumber() : toText(value);
}
