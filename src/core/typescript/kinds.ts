/** What a value is, and in words: the builder is given anything. */
import { isObject } from '../json.ts';

/** True for an object of fields: no list, and of no class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** For a message; never what a text says. */
export function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'function') return 'a function';
  if (isPlainObject(value)) return 'an object';
  return isObject(value) ? String(value.constructor?.name) : String(value);
}
