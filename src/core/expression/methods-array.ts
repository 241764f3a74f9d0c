/**
 * The methods of arrays. None changes its array; `sort` and `reverse` work on a copy. Every element that a callback sees is a step.
 */
import { boundItems, chargeItems, chargeText, checkItems, fail, MAX_DEPTH } from './budget.ts';
import { Callback, joinTexts, type Methods, strictEquals, table, toInteger, toNumber, toText } from './values.ts';

type Items = readonly unknown[];

/** The callback argument, which the compiler lets in at its place only. */
export function toCallback(value: unknown): Callback {
  return value instanceof Callback ? value : fail('a function such as x => x.name is needed');
}

/** Index of the first element, seen from one end, that the callback takes; -1 where there is none. */
function search(items: Items, value: unknown, backwards: boolean): number {
  const callback = toCallback(value);
  for (let i = 0; i < items.length; i++) {
    const index = backwards ? items.length - 1 - i : i;
    if (callback.call([items[index], index, items])) return index;
  }
  return -1;
}

function filter(items: Items, value: unknown): unknown[] {
  const callback = toCallback(value);
  const kept: unknown[] = [];
  for (let i = 0; i < items.length; i++) if (callback.call([items[i], i, items])) kept.push(items[i]);
  return kept;
}

/** `callback` of each element; also `Array.from(items, callback)`. */
export function map(items: Items, value: unknown): unknown[] {
  const callback = toCallback(value);
  checkItems(items.length);
  const results: unknown[] = [];
  for (let i = 0; i < items.length; i++) results.push(callback.call([items[i], i, items]));
  return results;
}

function reduce(items: Items, args: Items, backwards: boolean): unknown {
  const callback = toCallback(args[0]);
  const seeded = args.length > 1;
  if (!seeded && items.length === 0) fail('reduce of an empty array needs an initial value');
  const place = (i: number): number => (backwards ? items.length - 1 - i : i);
  let result = seeded ? args[1] : items[place(0)];
  for (let i = seeded ? 0 : 1; i < items.length; i++) {
    result = callback.call([result, items[place(i)], place(i), items]);
  }
  return result;
}

function flatten(items: Items, depth: number, into: unknown[]): unknown[] {
  chargeItems(items.length);
  for (const item of items) {
    if (depth > 0 && Array.isArray(item)) flatten(item, depth - 1, into);
    else into.push(item);
    boundItems(into.length);
  }
  return into;
}

/** Stable, on a copy; without a callback by text, as JavaScript has it; undefined goes last. */
function sort(items: Items, value: unknown): unknown[] {
  checkItems(items.length);
  const copy = [...items];
  if (value !== undefined) {
    const callback = toCallback(value);
    return copy.sort((a, b) => toNumber(callback.call([a, b])));
  }
  const known = copy.filter((item) => item !== undefined).map((item) => ({ item, text: toText(item) }));
  known.sort((a, b) => {
    chargeText(Math.min(a.text.length, b.text.length));
    return a.text < b.text ? -1 : Number(a.text > b.text);
  });
  const sorted: unknown[] = known.map(({ item }) => item);
  while (sorted.length < copy.length) sorted.push(undefined);
  return sorted;
}

function concat(items: Items, args: Items): unknown[] {
  let result: unknown[] = [...part(items)];
  for (const arg of args) result = Array.isArray(arg) ? joined(result, arg) : joined(result, [arg]);
  return result;
}

/** `items`, paid for as a copy. */
function part(items: Items): Items {
  checkItems(items.length);
  return items;
}

function joined(left: Items, right: Items): unknown[] {
  checkItems(left.length + right.length);
  return [...left, ...right];
}

function slice(items: Items, args: Items): unknown[] {
  const [start, end] = [toInteger(args[0]), toInteger(args[1], items.length)];
  const from = start < 0 ? Math.max(items.length + start, 0) : start;
  const to = Math.min(end < 0 ? items.length + end : end, items.length);
  checkItems(Math.max(to - from, 0));
  return items.slice(from, to);
}

function spliced(items: Items, args: Items): unknown[] {
  const added = args.slice(2);
  part(items);
  if (args.length === 0) return [...items];
  const start = toInteger(args[0]);
  return items.toSpliced(start, args.length === 1 ? items.length : toInteger(args[1]), ...added);
}

function replaced(items: Items, index: number, value: unknown): unknown[] {
  if (index >= items.length || index < -items.length) fail('with takes an index inside the array');
  return part(items).with(index, value);
}

/** Place of `wanted` from `from` on; texts and dates are equal by what they say. */
function indexOf(items: Items, wanted: unknown, from: unknown): number {
  chargeItems(items.length);
  const start = toInteger(from);
  for (let i = start < 0 ? Math.max(items.length + start, 0) : start; i < items.length; i++) {
    if (strictEquals(items[i], wanted)) return i;
  }
  return -1;
}

function lastIndexOf(items: Items, wanted: unknown, from: unknown): number {
  chargeItems(items.length);
  const start = toInteger(from, items.length - 1);
  for (let i = start < 0 ? items.length + start : Math.min(start, items.length - 1); i >= 0; i--) {
    if (strictEquals(items[i], wanted)) return i;
  }
  return -1;
}

const includes = (items: Items, wanted: unknown, from: unknown): boolean =>
  Number.isNaN(wanted) ? items.slice(toInteger(from)).includes(wanted) : indexOf(items, wanted, from) !== -1;

export const ARRAY_METHODS: Methods<Items> = table<Items>({
  at: (self, [index]) => self.at(toInteger(index)),
  concat,
  entries: (self) => part(self).map((item, index) => [index, item]),
  every: (self, [callback]) => {
    const { call } = toCallback(callback);
    return search(self, new Callback((args) => !call(args)), false) === -1;
  },
  filter: (self, [callback]) => filter(self, callback),
  find: (self, [callback]) => self[search(self, callback, false)],
  findIndex: (self, [callback]) => search(self, callback, false),
  findLast: (self, [callback]) => self[search(self, callback, true)],
  findLastIndex: (self, [callback]) => search(self, callback, true),
  flat: (self, [depth]) => flatten(self, Math.min(toInteger(depth, 1), MAX_DEPTH), []),
  flatMap: (self, [callback]) => flatMap(self, callback),
  includes: (self, [wanted, from]) => includes(self, wanted, from),
  indexOf: (self, [wanted, from]) => indexOf(self, wanted, from),
  join: (self, [separator]) => joinTexts(self, separator === undefined ? ',' : toText(separator)),
  keys: (self) => part(self).map((_, index) => index),
  lastIndexOf: (self, [wanted, from]) => lastIndexOf(self, wanted, from),
  map: (self, [callback]) => map(self, callback),
  reduce: (self, args) => reduce(self, args, false),
  reduceRight: (self, args) => reduce(self, args, true),
  reverse: (self) => part(self).toReversed(),
  slice,
  some: (self, [callback]) => search(self, callback, false) !== -1,
  sort: (self, [callback]) => sort(self, callback),
  toReversed: (self) => part(self).toReversed(),
  toSorted: (self, [callback]) => sort(self, callback),
  toSpliced: spliced,
  toString: (self: Items) => joinTexts(self, ','),
  values: (self) => [...part(self)],
  with: (self, [index, value]) => replaced(self, toInteger(index), value),
});

/** Flattens as it goes, so that a thousand arrays of the largest size are never there together. */
function flatMap(items: Items, value: unknown): unknown[] {
  const callback = toCallback(value);
  const results: unknown[] = [];
  for (let i = 0; i < items.length; i++) {
    const result = callback.call([items[i], i, items]);
    if (!Array.isArray(result)) results.push(result);
    else flatten(result, 0, results);
  }
  return results;
}
