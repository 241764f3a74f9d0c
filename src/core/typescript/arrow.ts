/**
 * Expressions written as arrow functions: `($) => $.node.classify.severity.eq('critical')` runs once, while the
 * workflow is built, and prints `{{ $node.classify.severity == 'critical' }}`. JavaScript's own operators cannot be
 * seen from here: `==`, `!` and `+` are refused where they show, but `&&`, `||` and `? :` between paths take one side
 * silently. Write `.and()`, `.or()` or `$.expr` for them.
 */
import { MyelinError } from '../errors.ts';
import { VARIABLES, type Variable } from '../expression/env.ts';
import { isPlainObject, nameOf } from './kinds.ts';
import { quote, quoteAccess, quoteKey } from './quote.ts';

/** What may stand beside a path: plain JSON, or paths anywhere in it. */
export type Operand =
  | Path
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Operand[]
  | { readonly [key: string]: Operand };

/**
 * A value that the workflow will have when it runs. Any property is a path further on; a call is a method of
 * expressions (`$.json.name.toUpperCase()`), or one of the operators below. In a template text it prints itself.
 */
export interface Path {
  (...args: Operand[]): Path;
  // biome-ignore lint/suspicious/noExplicitAny: a Path; named so, noUncheckedIndexedAccess would make each step maybe undefined
  readonly [key: string]: any;
  /** `a.eq(b)` prints `a == b`. */
  readonly eq: Path;
  /** `a.ne(b)` prints `a != b`. */
  readonly ne: Path;
  readonly gt: Path;
  /** `a.gte(b)` prints `a >= b`. */
  readonly gte: Path;
  readonly lt: Path;
  /** `a.lte(b)` prints `a <= b`. */
  readonly lte: Path;
  /** `a.and(b, c)` prints `a && b && c`. */
  readonly and: Path;
  /** `a.or(b, c)` prints `a || b || c`. */
  readonly or: Path;
  /** `a.not()` prints `!a`. */
  readonly not: Path;
  // What TypeScript would else take from Function; all are ordinary fields here.
  readonly name: Path;
  readonly length: Path;
  readonly call: Path;
  readonly apply: Path;
  readonly bind: Path;
  readonly arguments: Path;
  readonly caller: Path;
  readonly prototype: Path;
  readonly toString: Path;
}

/** `$`: the variables of expressions without their dollar sign, and `expr` for everything else expressions can do. */
export type Scope = { readonly [V in Variable as V extends `$${infer Name}` ? Name : never]: Path } & {
  /** The text as it stands; a path or value between prints itself: `` $.expr`${$.json.a} * 2` ``. */
  expr(texts: TemplateStringsArray, ...values: Operand[]): Path;
};

/** Returns a path, or a text with paths in it: `` ($) => `Restart ${$.json.name}?` ``. */
export type Arrow = ($: Scope) => Path | string;

/** How tightly source holds together, as in JavaScript; looser parts get parentheses. */
const TIGHT = { raw: 0, or: 1, and: 2, equality: 3, relation: 4, unary: 5, atom: 6 } as const;
type Tightness = (typeof TIGHT)[keyof typeof TIGHT];

interface Source {
  readonly text: string;
  readonly tight: Tightness;
  /** Of a property read: what it was read from, for the call that may follow. */
  readonly read?: { readonly object: Source; readonly key: string };
}

const BINARY: Readonly<Record<string, readonly [operator: string, tight: Tightness]>> = {
  eq: ['==', TIGHT.equality],
  ne: ['!=', TIGHT.equality],
  gt: ['>', TIGHT.relation],
  gte: ['>=', TIGHT.relation],
  lt: ['<', TIGHT.relation],
  lte: ['<=', TIGHT.relation],
  and: ['&&', TIGHT.and],
  or: ['||', TIGHT.or],
};

/** Behind each path; the proxies themselves answer every property with a path. */
const sources = new WeakMap<object, Source>();

const scope: Scope = new Proxy({} as Scope, {
  get(_target, key) {
    if (key === 'expr') return raw;
    const variable = `$${String(key)}`;
    if ((VARIABLES as readonly string[]).includes(variable)) return path({ text: variable, tight: TIGHT.atom });
    const known = VARIABLES.map((name) => name.slice(1)).join(', ');
    throw refusal(`$.${String(key)} is no variable; there are ${known} and expr`);
  },
});

/** The text of a config for an arrow function, or for a path that left one. Throws `expression_invalid`. */
export function toTemplate(arrow: ($: Scope) => unknown): string {
  const value: unknown = sources.has(arrow) ? arrow : arrow(scope);
  if (typeof value === 'string') return value;
  const source = sourceOf(value);
  if (source !== undefined) return `{{ ${source.text} }}`;
  const what = value === null ? 'null' : typeof value;
  throw refusal(
    `an arrow function returned ${what} instead of a path or text; JavaScript's operators act while the workflow is ` +
      'built, so write $.json.a.eq(1) for $.json.a == 1, and $.expr`…` for the rest',
  );
}

function path(source: Source): Path {
  // Any function does: the proxy answers calls itself.
  const proxy = new Proxy(Function.prototype as unknown as Path, {
    get(_target, key) {
      if (key === Symbol.toPrimitive) return (hint: string) => interpolate(source, hint);
      if (typeof key === 'symbol') return undefined;
      return path({
        text: wrap(source, TIGHT.atom) + quoteAccess(key),
        tight: TIGHT.atom,
        read: { object: source, key },
      });
    },
    apply: (_target, _self, args: Operand[]) => path(call(source, args)),
  });
  sources.set(proxy, source);
  return proxy;
}

function call(source: Source, args: readonly Operand[]): Source {
  if (source.read === undefined) throw refusal(`${source.text} is no method and cannot be called`);
  const { object, key } = source.read;
  if (key === 'not' && args.length === 0) return { text: `!${wrap(object, TIGHT.unary)}`, tight: TIGHT.unary };
  const binary = Object.hasOwn(BINARY, key) ? BINARY[key] : undefined;
  if (binary === undefined)
    return { text: `${source.text}(${args.map((arg) => print(arg).text).join(', ')})`, tight: TIGHT.atom };
  return operate(key, binary, object, args);
}

function operate(
  name: string,
  [operator, tight]: readonly [string, Tightness],
  left: Source,
  args: readonly Operand[],
): Source {
  const chains = name === 'and' || name === 'or';
  if (chains ? args.length === 0 : args.length !== 1) {
    throw refusal(`${left.text}.${name}() takes ${chains ? 'one value or more' : 'one value'}, not ${args.length}`);
  }
  const right = args.map((arg) => wrap(print(arg), chains ? tight : ((tight + 1) as Tightness)));
  return { text: [wrap(left, tight), ...right].join(` ${operator} `), tight };
}

function raw(texts: TemplateStringsArray, ...values: Operand[]): Path {
  const text = texts.reduce((before, after, i) => before + wrap(print(values[i - 1]), TIGHT.atom) + after);
  return path({ text, tight: TIGHT.raw });
}

const wrap = (source: Source, least: Tightness): string => (source.tight < least ? `(${source.text})` : source.text);

/** True for a path: properties and calls of it are more of the expression. */
export const isPath = (value: unknown): value is Path => sourceOf(value) !== undefined;

function sourceOf(value: unknown): Source | undefined {
  return typeof value === 'function' ? sources.get(value) : undefined;
}

/** A value as source. Throws `expression_invalid` for what is no JSON. */
function print(value: Operand): Source {
  const source = sourceOf(value);
  if (source !== undefined) return source;
  const text = printLiteral(value);
  return { text, tight: text.startsWith('-') ? TIGHT.unary : TIGHT.atom };
}

function printLiteral(value: Operand): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map((item) => print(item).text).join(', ')}]`;
  if (isPlainObject(value)) {
    const fields = Object.entries(value).map(([key, item]) => `${quoteKey(key)}: ${print(item).text}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  throw refusal(`an expression takes JSON values and paths, not ${nameOf(value)}`);
}

function interpolate(source: Source, hint: string): string {
  if (hint === 'string') return `{{ ${source.text} }}`;
  throw refusal(
    `JavaScript's operators cannot be used on ${source.text}; write them with $.expr, or as .eq(), .gt(), …`,
  );
}

function refusal(message: string): MyelinError {
  return new MyelinError('expression_invalid', `While the workflow was built: ${message}.`);
}
