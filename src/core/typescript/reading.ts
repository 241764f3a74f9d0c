/** What every part of the reader is given. */
import type { Expression, PrivateIdentifier, SpreadElement, Super } from 'acorn';
import { isUnsafeKey } from '../safe-json.ts';
import type { Scope } from './arrow.ts';
import type { Sizes } from './sizes.ts';
import { refuse, type Span } from './unreadable.ts';

/** Where JavaScript takes an expression, or what acorn has beside one there. */
export type Readable = Expression | Super | PrivateIdentifier;

export interface Reading {
  /** What the names of the module mean: imports and constants, those above only. */
  readonly names: ReadonlyMap<string, unknown>;
  readonly sizes: Sizes;
  /** Of the arrow function around, if there is one: what it calls `$`, if it does, and what that is. */
  readonly arrow?: { readonly parameter: string | undefined; readonly scope: Scope };
  /** The value of an expression. Throws `Unreadable`. */
  read(node: Readable, reading: Reading): unknown;
}

/** Elements of a list, or arguments of a call. */
export function readList(
  elements: readonly (Expression | SpreadElement | null)[],
  span: Span,
  reading: Reading,
): readonly unknown[] {
  const list: unknown[] = [];
  for (const element of elements) {
    if (element === null) refuse('a list has no holes; write null', span);
    if (element.type !== 'SpreadElement') {
      list.push(reading.read(element, reading));
      continue;
    }
    const items = reading.read(element.argument, reading);
    if (!Array.isArray(items)) refuse('only a list is spread here', element);
    reading.sizes.charge(reading.sizes.of(items).weight, element);
    for (const item of items) list.push(item);
  }
  return list;
}

/** The name of a property, in an object or behind a dot. Throws `Unreadable` for one that reaches a prototype. */
export function readKey(
  { computed, key }: { readonly computed: boolean; readonly key: Readable },
  reading: Reading,
): string {
  const name = !computed && key.type === 'Identifier' ? key.name : reading.read(key, reading);
  if (typeof name !== 'string' && typeof name !== 'number') refuse('a key is a text or a number', key);
  const text = String(name);
  if (isUnsafeKey(text)) refuse(`\`${text}\` is refused everywhere; take another name`, key);
  return text;
}
