/** Every global name an expression may use. What is not here does not exist, and there is no way to ask for it. */
import { checkText, fail } from './budget.ts';
import { DATE, DATE_TIME, DURATION } from './date-functions.ts';
import { ARRAY, JSON_FUNCTIONS, OBJECT } from './object-functions.ts';
import { type Method, type Methods, table, toInteger, toNumber, toText } from './values.ts';

export interface Namespace {
  readonly functions: Methods;
  readonly constants: ReadonlyMap<string, number>;
}

const namespace = (functions: Methods, constants: Record<string, number> = {}): Namespace => ({
  functions,
  constants: new Map(Object.entries(constants)),
});

const unary =
  (run: (value: number) => number): Method =>
  (_, [value]) =>
    run(toNumber(value));

function extreme(args: readonly unknown[], pick: (a: number, b: number) => number, start: number): number {
  let result = start;
  for (const arg of args) result = pick(result, toNumber(arg));
  return result;
}

const MATH = table<unknown>({
  ...Object.fromEntries(
    (
      ['abs', 'acos', 'asin', 'atan', 'cbrt', 'ceil', 'cos', 'exp', 'floor', 'log', 'log10', 'log2', 'round'] as const
    ).map((name) => [name, unary(Math[name])]),
  ),
  ...Object.fromEntries((['sign', 'sin', 'sqrt', 'tan', 'trunc'] as const).map((name) => [name, unary(Math[name])])),
  atan2: (_, [y, x]) => Math.atan2(toNumber(y), toNumber(x)),
  hypot: (_, args) => extreme(args, Math.hypot, 0),
  max: (_, args) => extreme(args, Math.max, Number.NEGATIVE_INFINITY),
  min: (_, args) => extreme(args, Math.min, Number.POSITIVE_INFINITY),
  pow: (_, [base, exponent]) => toNumber(base) ** toNumber(exponent),
});
const MATH_CONSTANTS = {
  E: Math.E,
  LN10: Math.LN10,
  LN2: Math.LN2,
  LOG10E: Math.LOG10E,
  LOG2E: Math.LOG2E,
  PI: Math.PI,
  SQRT1_2: Math.SQRT1_2,
  SQRT2: Math.SQRT2,
};

const parseInteger: Method = (_, [text, radix]) => Number.parseInt(toText(text), toInteger(radix));
const parseNumber: Method = (_, [text]) => Number.parseFloat(toText(text));

const NUMBER = table<unknown>({
  isFinite: (_, [value]) => Number.isFinite(value),
  isInteger: (_, [value]) => Number.isInteger(value),
  isNaN: (_, [value]) => Number.isNaN(value),
  isSafeInteger: (_, [value]) => Number.isSafeInteger(value),
  parseFloat: parseNumber,
  parseInt: parseInteger,
});
const NUMBER_CONSTANTS = {
  EPSILON: Number.EPSILON,
  MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
  MAX_VALUE: Number.MAX_VALUE,
  MIN_SAFE_INTEGER: Number.MIN_SAFE_INTEGER,
  MIN_VALUE: Number.MIN_VALUE,
  NaN: Number.NaN,
  NEGATIVE_INFINITY: Number.NEGATIVE_INFINITY,
  POSITIVE_INFINITY: Number.POSITIVE_INFINITY,
};

function fromCodePoints(points: readonly unknown[]): string {
  checkText(points.length * 2);
  const numbers = points.map(toNumber);
  if (numbers.some((point) => !Number.isInteger(point) || point < 0 || point > 0x10ffff)) {
    fail('a code point is a whole number from 0 to 0x10FFFF');
  }
  return numbers.map((point) => String.fromCodePoint(point)).join('');
}

const STRING = table<unknown>({
  fromCharCode: (_, args) => args.map((code) => String.fromCharCode(toNumber(code))).join(''),
  fromCodePoint: (_, args) => fromCodePoints(args),
});

/** A coding function of the host, which throws on half of a surrogate pair and on a broken `%`. */
const coding =
  (run: (text: string) => string, growth: number): Method =>
  (_, [value]) => {
    const text = toText(value);
    checkText(text.length * growth);
    try {
      return run(text);
    } catch {
      return fail('the text is not well formed');
    }
  };

export const NAMESPACES: ReadonlyMap<string, Namespace> = new Map([
  ['Array', namespace(ARRAY)],
  ['Boolean', namespace(new Map())],
  ['Date', namespace(DATE)],
  ['DateTime', namespace(DATE_TIME)],
  ['Duration', namespace(DURATION)],
  ['JSON', namespace(JSON_FUNCTIONS)],
  ['Math', namespace(MATH, MATH_CONSTANTS)],
  ['Number', namespace(NUMBER, NUMBER_CONSTANTS)],
  ['Object', namespace(OBJECT)],
  ['String', namespace(STRING)],
]);

export const FUNCTIONS: Methods = table<unknown>({
  Boolean: (_, [value]) => Boolean(value),
  Number: (_, args) => (args.length === 0 ? 0 : toNumber(args[0])),
  String: (_, args) => (args.length === 0 ? '' : toText(args[0])),
  decodeURI: coding(decodeURI, 1),
  decodeURIComponent: coding(decodeURIComponent, 1),
  encodeURI: coding(encodeURI, 3),
  encodeURIComponent: coding(encodeURIComponent, 3),
  isFinite: (_, [value]) => Number.isFinite(toNumber(value)),
  isNaN: (_, [value]) => Number.isNaN(toNumber(value)),
  parseFloat: parseNumber,
  parseInt: parseInteger,
});

export const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['undefined', undefined],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['NaN', Number.NaN],
]);
