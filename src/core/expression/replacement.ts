/**
 * `replace` and `replaceAll`: our own, so that each growth is checked before it happens and no callback is handed to the
 * host. The `$` patterns are those of ECMAScript's GetSubstitution.
 */
import { append, charge, chargeText, fail } from './budget.ts';
import { type Found, RegexValue } from './regex.ts';
import { Callback, kindOf, toText } from './values.ts';

const DOLLAR = /\$(?:[$&`']|\d\d?|<[^>]*>)/g;

export function replace(text: string, pattern: unknown, replacement: unknown): string {
  if (pattern instanceof RegexValue) return substitute(text, pattern.find(text, pattern.global), replacement);
  return substitute(text, findText(text, toText(pattern), false), replacement);
}

export function replaceAll(text: string, pattern: unknown, replacement: unknown): string {
  if (!(pattern instanceof RegexValue)) return substitute(text, findText(text, toText(pattern), true), replacement);
  if (!pattern.global) fail('replaceAll needs a regular expression with the flag g');
  return substitute(text, pattern.find(text, true), replacement);
}

function findText(text: string, wanted: string, all: boolean): Found[] {
  chargeText(text.length);
  const found: Found[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + Math.max(wanted.length, 1))) {
    charge(1);
    found.push({ start: at, end: at + wanted.length, groups: [wanted], named: undefined });
    if (!all || at >= text.length) break;
  }
  return found;
}

function substitute(text: string, places: readonly Found[], replacement: unknown): string {
  const template = replacement instanceof Callback ? '' : toText(replacement);
  let result = '';
  let from = 0;
  for (const place of places) {
    result = append(result, text.slice(from, place.start));
    const part = replacement instanceof Callback ? called(replacement, text, place) : expand(template, text, place);
    result = append(result, part);
    from = place.end;
  }
  result = append(result, text.slice(from));
  chargeText(result.length);
  return result;
}

function called(callback: Callback, text: string, place: Found): string {
  const args: unknown[] = [...place.groups, place.start, text];
  if (place.named !== undefined) args.push(place.named);
  return toText(callback.call(args));
}

function expand(template: string, text: string, place: Found): string {
  if (!template.includes('$')) return template;
  chargeText(template.length);
  let result = '';
  let from = 0;
  for (const { 0: token, index } of template.matchAll(DOLLAR)) {
    charge(1);
    const { part, used } = dollar(token, text, place);
    result = append(append(result, template.slice(from, index)), part);
    from = index + used;
  }
  return append(result, template.slice(from));
}

/** What a `$` token stands for, and how many of its characters it took. */
function dollar(token: string, text: string, place: Found): { part: string; used: number } {
  const kind = token.charAt(1);
  if (kind === '$') return { part: '$', used: 2 };
  if (kind === '&') return { part: place.groups[0]!, used: 2 };
  if (kind === '`') return { part: text.slice(0, place.start), used: 2 };
  if (kind === "'") return { part: text.slice(place.end), used: 2 };
  if (kind !== '<') return numbered(token, place);
  if (place.named === undefined) return { part: token, used: token.length };
  return { part: place.named[token.slice(2, -1)] ?? '', used: token.length };
}

/** `$12` is group 12 where there is one, else group 1 and a `2`. */
function numbered(token: string, place: Found): { part: string; used: number } {
  for (const used of [token.length, 2]) {
    const group = Number(token.slice(1, used));
    if (group >= 1 && group < place.groups.length) return { part: place.groups[group] ?? '', used };
  }
  return { part: token, used: token.length };
}

/** A text method that takes no plain text where JavaScript would make a regular expression of it. */
export function toRegex(value: unknown, method: string): RegexValue {
  if (value instanceof RegexValue) return value;
  return fail(`${method} takes a regular expression such as /a+/, not ${kindOf(value)}`);
}
