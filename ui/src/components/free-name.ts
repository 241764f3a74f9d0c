/** What a copy is called, and where it listens. */
import type { Definition } from '../../../src/core/definition/schema.ts';

const LONGEST = 100;

/** A name that nobody has yet: the wanted one, else with a number after it. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const cut = (end: string): string => `${wanted.slice(0, LONGEST - end.length)}${end}`;
  for (let number = 1; ; number += 1) {
    const name = cut(number === 1 ? '' : `-${number}`);
    if (!taken.has(name)) return name;
  }
}

/** What tells the copy from what it is made of, such as `-2`. */
export const endOf = (before: string, name: string): string =>
  name.startsWith(before) ? name.slice(before.length) : `-${name}`;

/** The document by another name. Its webhooks get paths of their own, so that both can be active. */
export function copied(definition: Definition, name: string): Definition {
  const { triggers } = definition;
  if (triggers === undefined) return { ...definition, name };
  const end = endOf(definition.name, name);
  const own = triggers.map((one) => (one.type === 'webhook' ? { ...one, path: `${String(one.path)}${end}` } : one));
  return { ...definition, name, triggers: own };
}
