/**
 * The one way in for JSON text. Refuses keys that reach a prototype and nesting that would overflow a recursive
 * reader further on. Nothing here recurses, and an ordinary small body costs JSON.parse and three substring tests.
 */
import { MyelinError } from './errors.ts';
import { faultOffset } from './json-fault.ts';

/** Levels of nesting taken; a scalar has none, `[[]]` has two. */
export const DEEPEST = 100;

const UNSAFE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** True for a name that must never become a key of an object. */
export const isUnsafeKey = (key: string): boolean => UNSAFE_KEYS.has(key);

/**
 * JSON text as a value. Throws `invalid_json` with the position of the fault, `too_deep`, or `unsafe_key`
 * (also where the key is spelled with \u escapes).
 */
export function parseJson(text: string): unknown {
  const value = parse(text);
  // 101 levels take 101 opening and 101 closing brackets, so a short body needs no scan.
  if (text.length > 2 * DEEPEST && isDeeperThan(text, DEEPEST)) throw tooDeep();
  if (maybeUnsafe(text)) walk(value);
  return value;
}

/**
 * Throws `unsafe_key` or `too_deep` for a value that another parser made; a value that contains itself is too deep.
 * Values shared by several places (aliases of YAML) are looked at once for each depth they appear at.
 */
export function assertSafe(value: unknown): void {
  walk(value, new Map());
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the body, which may hold secrets, and often leaves out the position.
    const at = faultOffset(text, DEEPEST);
    if (at === undefined) throw tooDeep();
    const what = at >= text.length ? 'The JSON ends too early' : 'The JSON is not well-formed';
    throw new MyelinError('invalid_json', `${what}, at position ${at} (${lineAndColumn(text, at)}).`, { position: at });
  }
}

function lineAndColumn(text: string, at: number): string {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return `line ${line}, column ${at - start + 1}`;
}

/** False only where no key can be unsafe: neither a name nor an escaped ASCII letter of one is in the text. */
function maybeUnsafe(text: string): boolean {
  return text.includes('proto') || text.includes('constructor') || text.includes('\\u00');
}

/** Nesting of a text that is known to be valid JSON. */
function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x22) at = stringEnd(text, at) - 1;
    else if ((char | 0x20) === 0x7b) {
      if (++depth > limit) return true;
    } else if ((char | 0x20) === 0x7d) depth--;
  }
  return false;
}

/** Offset after the closing quote of a valid string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let slash = quote;
    while (text.charCodeAt(slash - 1) === 0x5c) slash--;
    if ((quote - slash) % 2 === 0) return quote + 1;
  }
}

/** Depth first with a stack of our own. `seen` holds the greatest depth each object was visited at. */
function walk(root: unknown, seen?: Map<object, number>): void {
  const values: unknown[] = [root];
  const depths: number[] = [1];
  while (values.length > 0) {
    const value = values.pop();
    const depth = depths.pop()!;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEEPEST) throw tooDeep();
    if (seen !== undefined) {
      if ((seen.get(value) ?? 0) >= depth) continue;
      seen.set(value, depth);
    }
    for (const child of childrenOf(value)) {
      if (typeof child !== 'object' || child === null) continue;
      values.push(child);
      depths.push(depth + 1);
    }
  }
}

function childrenOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  for (const key of Object.keys(value)) {
    if (isUnsafeKey(key)) throw new MyelinError('unsafe_key', `The key "${key}" is refused; rename it.`, { key });
  }
  return Object.values(value);
}

function tooDeep(): MyelinError {
  return new MyelinError('too_deep', `The value is nested more than ${DEEPEST} levels deep; flatten it.`);
}
