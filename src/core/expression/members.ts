/**
 * Reading a property: only own properties of plain data, indices and `length` of texts and arrays, and what an
 * opaque value chooses to show. Nothing here walks a prototype, so nothing inherited can be reached (rule R1).
 */
import { chargeText, fail } from './budget.ts';
import { Opaque, toText } from './values.ts';

const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const ObjectPrototype = Object.prototype;
const hasOwn = Object.prototype.hasOwnProperty;
const getPrototypeOf = Object.getPrototypeOf;

/** True for the names that lead to a prototype; they are refused everywhere. */
export function isUnsafe(key: string): boolean {
  return UNSAFE.has(key);
}

/** `key` as a text, refused where it is unsafe. */
export function toKey(key: unknown): string {
  const name = toText(key);
  if (name.length > 256) chargeText(name.length);
  if (UNSAFE.has(name)) fail(`the key ${name} is refused`);
  return name;
}

interface MatchDetails {
  readonly index: number;
  readonly groups: unknown;
}

/** `index` and `groups` of the arrays that `match` makes: beside the array, so that it stays plain. */
const matchDetails = new WeakMap<object, MatchDetails>();

export function attachDetails(match: unknown[], details: MatchDetails): unknown[] {
  matchDetails.set(match, details);
  return match;
}

/** `object.key`; undefined where there is nothing of this name. */
export function readMember(object: unknown, key: string): unknown {
  if (typeof object !== 'object' || object === null) {
    return typeof object === 'string' ? readText(object, key) : undefined;
  }
  const prototype = getPrototypeOf(object);
  if (prototype === ObjectPrototype || prototype === null) {
    return hasOwn.call(object, key) ? (object as Record<string, unknown>)[key] : undefined;
  }
  if (Array.isArray(object)) return readArray(object, key);
  return object instanceof Opaque ? object.member(key) : undefined;
}

/** `object[key]` for a key that is known at run time only. */
export function readComputed(object: unknown, key: unknown): unknown {
  if (typeof key === 'number') {
    if (Array.isArray(object)) return hasOwn.call(object, key) ? object[key] : undefined;
    if (typeof object === 'string') return object[key];
  }
  return readMember(object, toKey(key));
}

function readText(text: string, key: string): unknown {
  if (key === 'length') return text.length;
  return hasOwn.call(text, key) ? text[Number(key)] : undefined;
}

function readArray(array: readonly unknown[], key: string): unknown {
  if (key === 'length') return array.length;
  if (key === 'index' || key === 'groups') return matchDetails.get(array)?.[key];
  const index = Number(key);
  return String(index) === key && hasOwn.call(array, key) ? array[index] : undefined;
}
