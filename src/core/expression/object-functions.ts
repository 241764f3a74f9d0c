/** The functions of `Object`, `Array` and `JSON`. Objects they make are fresh, with own, safe keys. */
import { charge, chargeText, checkItems, fail } from './budget.ts';
import { isUnsafe, toKey } from './members.ts';
import { map, toCallback } from './methods-array.ts';
import { characters } from './methods-string.ts';
import { toJson } from './plain.ts';
import { isPlainObject, kindOf, type Method, type Methods, Opaque, table, toInteger, toText } from './values.ts';

/** The own keys of a value as `Object.keys` and spread see them. */
function keysOf(value: unknown): string[] {
  if (value == null) return fail(`${kindOf(value)} has no keys`);
  if (typeof value === 'string') checkItems(value.length);
  if (value instanceof Opaque || !isKeyed(value)) return [];
  const keys = Object.keys(value);
  checkItems(keys.length);
  return keys;
}

const isKeyed = (value: unknown): value is object | string =>
  typeof value === 'string' || Array.isArray(value) || isPlainObject(value);

/** `{...into, ...from}`, into `into`, which the expression has just made. */
export function mergeInto(into: Record<string, unknown>, from: unknown): Record<string, unknown> {
  if (from == null) return into;
  for (const key of keysOf(from)) {
    if (isUnsafe(key)) fail(`the key ${key} is refused`);
    into[key] = (from as Record<string, unknown>)[key];
  }
  charge(1);
  return into;
}

const entriesOf = (value: unknown): [string, unknown][] =>
  keysOf(value).map((key) => [key, (value as Record<string, unknown>)[key]]);

function fromEntries(entries: unknown): Record<string, unknown> {
  if (!Array.isArray(entries)) return fail('Object.fromEntries takes an array of [key, value]');
  checkItems(entries.length);
  const object: Record<string, unknown> = {};
  for (const entry of entries) {
    if (!Array.isArray(entry)) return fail('Object.fromEntries takes an array of [key, value]');
    object[toKey(entry[0])] = entry[1];
  }
  return object;
}

const groupBy: Method = (_, [items, value]) => {
  if (!Array.isArray(items)) return fail('Object.groupBy takes an array and a function');
  const callback = toCallback(value);
  const groups: Record<string, unknown[]> = {};
  items.forEach((item, index) => {
    const key = toKey(callback.call([item, index]));
    const group = Object.hasOwn(groups, key) ? groups[key] : undefined;
    if (group === undefined) groups[key] = [item];
    else group.push(item);
  });
  return groups;
};

export const OBJECT: Methods = table<unknown>({
  keys: (_, [value]) => keysOf(value),
  values: (_, [value]) => entriesOf(value).map((entry) => entry[1]),
  entries: (_, [value]) => entriesOf(value),
  fromEntries: (_, [entries]) => fromEntries(entries),
  assign: (_, args) => args.reduce<Record<string, unknown>>(mergeInto, {}),
  groupBy,
  hasOwn: (_, [value, key]) => isKeyed(value) && Object.hasOwn(Object(value), toKey(key)),
  is: (_, [left, right]) => Object.is(left, right),
});

/** Elements of what `Array.from` and spread take: an array, a text, or an object with a length. */
export function elementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    checkItems(value.length);
    return value;
  }
  if (typeof value === 'string') return characters(value);
  return fail(`${kindOf(value)} has no elements`);
}

const arrayFrom: Method = (_, [value, callback]) => {
  const items = isPlainObject(value) ? ofLength(value) : elementsOf(value);
  return callback === undefined ? [...items] : map(items, callback);
};

function ofLength(value: Record<string, unknown>): unknown[] {
  const own = (key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);
  const length = Math.max(toInteger(own('length')), 0);
  checkItems(length);
  return Array.from({ length }, (_, index) => own(String(index)));
}

export const ARRAY: Methods = table<unknown>({
  isArray: (_, [value]) => Array.isArray(value),
  from: arrayFrom,
  of: (_, args) => [...args],
});

function parse(text: string): unknown {
  chargeText(text.length);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('JSON.parse was given a text that is not JSON');
  }
  refuseUnsafe(value);
  return value;
}

/** Walks with a stack of its own, since the text may be nested to any depth. */
function refuseUnsafe(value: unknown): void {
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    const keys = Object.keys(next);
    charge(1 + (keys.length >> 4));
    for (const key of keys) {
      if (isUnsafe(key)) fail(`the key ${key} is refused`);
      pending.push((next as Record<string, unknown>)[key]);
    }
  }
}

const stringify: Method = (_, [value, replacer, indent]) => {
  if (replacer != null) fail('JSON.stringify takes no replacer here');
  const text = toJson(value, Math.min(Math.max(toInteger(indent), 0), 10));
  if (text !== undefined) chargeText(text.length);
  return text;
};

export const JSON_FUNCTIONS: Methods = table<unknown>({
  parse: (_, [text]) => parse(toText(text)),
  stringify,
});
