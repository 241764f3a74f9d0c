/** The methods of texts. Those that could grow a text ask the budget before they do. */
import { append, charge, chargeText, checkItems, checkText, fail, MAX_ITEMS } from './budget.ts';
import { RegexValue, toMatch } from './regex.ts';
import { replace, replaceAll, toRegex } from './replacement.ts';
import { type Method, type Methods, table, toInteger, toText } from './values.ts';

const FORMS: ReadonlySet<string> = new Set(['NFC', 'NFD', 'NFKC', 'NFKD']);

function repeat(text: string, count: number): string {
  if (count < 0 || count === Number.POSITIVE_INFINITY) fail('repeat takes a count of 0 or more');
  checkText(text.length * count);
  return text.repeat(count);
}

function pad(text: string, args: readonly unknown[], atStart: boolean): string {
  const length = toInteger(args[0]);
  const filler = args[1] === undefined ? ' ' : toText(args[1]);
  if (length <= text.length || filler === '') return text;
  checkText(length);
  return atStart ? text.padStart(length, filler) : text.padEnd(length, filler);
}

/** `limit` as JavaScript has it; one more than the largest array shows that there is more. */
function split(text: string, separator: unknown, limit: unknown): string[] {
  const most = Math.min(limit === undefined ? MAX_ITEMS + 1 : toInteger(limit) >>> 0, MAX_ITEMS + 1);
  chargeText(text.length);
  const parts =
    separator instanceof RegexValue
      ? splitByRegex(text, separator).slice(0, most)
      : separator === undefined
        ? [text].slice(0, most)
        : text.split(toText(separator), most);
  checkItems(parts.length);
  return parts as string[];
}

/** JavaScript's: no empty piece where an empty match meets either end; groups stand between the pieces. */
function splitByRegex(text: string, pattern: RegexValue): unknown[] {
  if (text === '') return pattern.test('') ? [] : [''];
  const parts: unknown[] = [];
  let from = 0;
  for (const { start, end, groups } of pattern.find(text, true)) {
    if (end === from || start >= text.length) continue;
    parts.push(text.slice(from, start), ...groups.slice(1));
    from = end;
  }
  parts.push(text.slice(from));
  return parts;
}

function match(text: string, value: unknown): unknown {
  const pattern = toRegex(value, 'match');
  const found = pattern.find(text, pattern.global);
  if (found[0] === undefined) return null;
  return pattern.global ? found.map(({ groups }) => groups[0]) : toMatch(found[0]);
}

function matchAll(text: string, value: unknown): unknown {
  const pattern = toRegex(value, 'matchAll');
  if (!pattern.global) fail('matchAll needs a regular expression with the flag g');
  return pattern.find(text, true).map(toMatch);
}

function cased(text: string, change: (text: string) => string): string {
  checkText(text.length);
  const changed = change(text);
  checkText(changed.length);
  return changed;
}

function normalize(text: string, form: unknown): string {
  const name = form === undefined ? 'NFC' : toText(form);
  if (!FORMS.has(name)) fail('normalize takes NFC, NFD, NFKC or NFKD');
  return cased(text, (from) => from.normalize(name));
}

/** A method that looks at the whole text, and at most makes a part of it. */
const reading =
  (method: Method<string>): Method<string> =>
  (self, args, env) => {
    if (self.length > 256) chargeText(self.length);
    return method(self, args, env);
  };

const at = (value: unknown): number | undefined => (value === undefined ? undefined : toInteger(value));

/** A text to look for: a regular expression is refused, as in JavaScript. */
function needle(value: unknown): string {
  if (value instanceof RegexValue) fail('this method takes a text, not a regular expression');
  return toText(value);
}

export const STRING_METHODS: Methods<string> = table<string>({
  at: (self, [index]) => self.at(toInteger(index)),
  charAt: (self, [index]) => self.charAt(toInteger(index)),
  charCodeAt: (self, [index]) => self.charCodeAt(toInteger(index)),
  codePointAt: (self, [index]) => self.codePointAt(toInteger(index)),
  concat: (self, args) => args.reduce<string>((text, arg) => append(text, toText(arg)), self),
  endsWith: reading((self, [text, end]) => self.endsWith(needle(text), at(end))),
  includes: reading((self, [text, from]) => self.includes(needle(text), at(from))),
  indexOf: reading((self, [text, from]) => self.indexOf(toText(text), at(from))),
  lastIndexOf: reading((self, [text, from]) => self.lastIndexOf(toText(text), at(from))),
  localeCompare: reading((self, [other]) => self.localeCompare(toText(other), 'en')),
  match: (self, [pattern]) => match(self, pattern),
  matchAll: (self, [pattern]) => matchAll(self, pattern),
  normalize: (self, [form]) => normalize(self, form),
  padEnd: (self, args) => pad(self, args, false),
  padStart: (self, args) => pad(self, args, true),
  repeat: (self, [count]) => repeat(self, toInteger(count)),
  replace: (self, [pattern, replacement]) => replace(self, pattern, replacement),
  replaceAll: (self, [pattern, replacement]) => replaceAll(self, pattern, replacement),
  search: (self, [pattern]) => toRegex(pattern, 'search').find(self, false)[0]?.start ?? -1,
  slice: (self, [start, end]) => self.slice(toInteger(start), at(end)),
  split: (self, [separator, limit]) => split(self, separator, limit),
  startsWith: reading((self, [text, from]) => self.startsWith(needle(text), at(from))),
  substring: (self, [start, end]) => self.substring(toInteger(start), at(end)),
  substr: (self, [start, length]) => {
    const from = toInteger(start) < 0 ? Math.max(self.length + toInteger(start), 0) : toInteger(start);
    return length === undefined ? self.slice(from) : self.slice(from, from + Math.max(toInteger(length), 0));
  },
  toLowerCase: (self) => cased(self, (text) => text.toLowerCase()),
  toUpperCase: (self) => cased(self, (text) => text.toUpperCase()),
  toString: (self: string) => self,
  valueOf: (self: string) => self,
  trim: reading((self) => self.trim()),
  trimEnd: reading((self) => self.trimEnd()),
  trimStart: reading((self) => self.trimStart()),
  isWellFormed: reading((self) => self.isWellFormed()),
  toWellFormed: reading((self) => self.toWellFormed()),
});

/** Characters (code points) of a text, as spread and `Array.from` see them. */
export function characters(text: string): string[] {
  checkItems(text.length);
  charge(1);
  return Array.from(text);
}
