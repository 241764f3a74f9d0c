/**
 * Masking: what looks like an e-mail address, a card and so on is replaced by the name of its rule, `[email]`. What is
 * masked once is not found again, so masking twice is masking once; a rule of a person's own may find its own mask.
 */
import { isObject } from '../json.ts';
import { compilePattern } from './custom.ts';
import { isCard, RULE, RULES, type Rule, type RuleName } from './rules.ts';

export interface Mask {
  text(text: string): string;
  /** JSON, with every text in it masked, and every whole number that is a card; keys stay. The value itself where nothing is found. */
  value<T>(value: T): T;
}

export interface CustomRule {
  readonly name: string;
  /** One that `patternFault` has nothing against. */
  readonly pattern: string;
}

type Replace = (text: string) => string;

/** Shorter texts hold nothing that a rule of ours looks for: `a@b.co`. */
const SHORTEST = 6;

/** Null: nothing is masked. */
export function createMask(rules: readonly RuleName[], custom: readonly CustomRule[] = []): Mask | null {
  const steps = [...custom.map(replaceCustom), ...RULES.filter((name) => rules.includes(name)).map(replaceOurs)];
  if (steps.length === 0) return null;
  const text = (given: string): string => steps.reduce((left, step) => step(left), given);
  const cards = rules.includes('card');
  const number = (given: number): unknown =>
    cards && given > 1e12 && Number.isSafeInteger(given) && isCard(String(given)) ? '[card]' : given;
  // A copy has the shape of what was given, but for cards that were numbers.
  return { text, value: <T>(value: T) => copy(value, text, number) as T };
}

function replaceCustom({ name, pattern }: CustomRule): Replace {
  const compiled = compilePattern(pattern);
  const mask = `[${name}]`;
  return (text) => (compiled.test(text) ? compiled.matcher(text).replaceAll(mask) : text);
}

function replaceOurs(name: RuleName): Replace {
  const rule = RULE[name];
  const mask = `[${name}]`;
  return (text) => (text.length < SHORTEST || !rule.maybe(text) ? text : replaceAll(text, rule, mask));
}

function replaceAll(text: string, { pattern, accept }: Rule, mask: string): string {
  let done = 0;
  let masked = '';
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const length = accept(found[0]);
    // What is none may have one inside of it.
    pattern.lastIndex = found.index + Math.max(1, length);
    if (length === 0) continue;
    masked += text.slice(done, found.index) + mask;
    done = found.index + length;
  }
  return done === 0 ? text : masked + text.slice(done);
}

function copy(value: unknown, text: Replace, number: (value: number) => unknown): unknown {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => copy(item, text, number));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, copy(one, text, number)] as const);
  return entries.some(([key, one]) => one !== value[key]) ? Object.fromEntries(entries) : value;
}
