/** Reads one tag as browsers do: an attribute may be without quotes, a value in quotes may hold `>`. */
import { decodeEntities } from './entities.ts';

export interface Tag {
  /** In lower case. */
  readonly name: string;
  readonly closes: boolean;
  readonly attributes: ReadonlyMap<string, string>;
  /** Offset of what follows. */
  readonly end: number;
}

const NAME = /[^\t\n\f\r />]*/y;
const SPACE = /[\t\n\f\r /]*/y;
const KEY = /=?[^\t\n\f\r />=]*/y;
const EQUALS = /[\t\n\f\r ]*=[\t\n\f\r ]*/y;
const BARE = /[^\t\n\f\r >]*/y;

/** `start` is at `<`, and a letter follows it or its slash. Null: the text ends within the tag. */
export function readTag(text: string, start: number): Tag | null {
  const closes = text[start + 1] === '/';
  let at = start + (closes ? 2 : 1);
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const name = take(NAME).toLowerCase();
  const attributes = new Map<string, string>();
  for (;;) {
    take(SPACE);
    if (at >= text.length) return null;
    if (text[at] === '>') return { name, closes, attributes, end: at + 1 };
    const key = take(KEY).toLowerCase();
    if (take(EQUALS) === '') {
      if (!attributes.has(key)) attributes.set(key, '');
      continue;
    }
    const quote = text[at];
    let value: string;
    if (quote === '"' || quote === "'") {
      const close = text.indexOf(quote, at + 1);
      if (close === -1) return null;
      value = text.slice(at + 1, close);
      at = close + 1;
    } else value = take(BARE);
    // The first of a name counts.
    if (!attributes.has(key)) attributes.set(key, decodeEntities(value));
  }
}
