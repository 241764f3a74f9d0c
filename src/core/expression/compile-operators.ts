/** Operators: each becomes a closure of its own, with a short way for numbers. */
import type {
  BinaryExpression,
  BinaryOperator,
  ConditionalExpression,
  LogicalExpression,
  UnaryExpression,
  UnaryOperator,
} from 'acorn';
import { chargeText, checkText } from './budget.ts';
import type { Code, Context } from './context.ts';
import { looseEquals, Opaque, strictEquals, toNumber, toPrimitive, toText } from './values.ts';

type Binary = (left: Code, right: Code) => Code;

/** An arithmetic operator; numbers go the short way. */
const arithmetic =
  (run: (a: number, b: number) => number): Binary =>
  (left, right) =>
  (env, scope) => {
    const a = left(env, scope);
    return run(toNumber(a), toNumber(right(env, scope)));
  };

function add(a: unknown, b: unknown): unknown {
  const left = isText(a, b) ? toText(a) : toAddend(a);
  const right = isText(a, b) ? toText(b) : toAddend(b);
  if (typeof left !== 'string' && typeof right !== 'string') return toNumber(left) + toNumber(right);
  const [first, second] = [toText(left), toText(right)];
  if (first.length + second.length > 4096) checkText(first.length + second.length);
  return first + second;
}

const isText = (a: unknown, b: unknown): boolean => typeof a === 'string' || typeof b === 'string';

/** Objects are added as texts, dates as milliseconds. */
const toAddend = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !(value instanceof Opaque) ? toText(value) : value;

const compileAdd: Binary = (left, right) => (env, scope) => {
  const a = left(env, scope);
  const b = right(env, scope);
  return typeof a === 'number' && typeof b === 'number' ? a + b : add(a, b);
};

/** Where two values stand to each other: texts by their code units, all else by number; NaN where they do not. */
function compare(a: unknown, b: unknown): number {
  const left = toPrimitive(a);
  const right = toPrimitive(b);
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length > 256) chargeText(left.length);
    return left < right ? -1 : Number(left > right);
  }
  const [first, second] = [toNumber(left), toNumber(right)];
  if (first < second) return -1;
  if (first > second) return 1;
  return first === second ? 0 : Number.NaN;
}

const comparison =
  (holds: (order: number) => boolean): Binary =>
  (left, right) =>
  (env, scope) => {
    const a = left(env, scope);
    return holds(compare(a, right(env, scope)));
  };

const equality =
  (equals: (a: unknown, b: unknown) => boolean, wanted: boolean): Binary =>
  (left, right) =>
  (env, scope) => {
    const a = left(env, scope);
    return equals(a, right(env, scope)) === wanted;
  };

const BINARY: ReadonlyMap<BinaryOperator, Binary> = new Map<BinaryOperator, Binary>([
  ['+', compileAdd],
  ['-', arithmetic((a, b) => a - b)],
  ['*', arithmetic((a, b) => a * b)],
  ['/', arithmetic((a, b) => a / b)],
  ['%', arithmetic((a, b) => a % b)],
  ['**', arithmetic((a, b) => a ** b)],
  ['<', comparison((order) => order < 0)],
  ['<=', comparison((order) => order <= 0)],
  ['>', comparison((order) => order > 0)],
  ['>=', comparison((order) => order >= 0)],
  ['===', equality(strictEquals, true)],
  ['!==', equality(strictEquals, false)],
  ['==', equality(looseEquals, true)],
  ['!=', equality(looseEquals, false)],
]);

export function compileBinary(node: BinaryExpression, context: Context): Code {
  const operator = BINARY.get(node.operator);
  if (operator === undefined) context.refuse(node, `the operator ${node.operator} is not allowed`);
  const left = context.compile(node.left);
  const right = context.compile(node.right);
  return operator === undefined ? left : operator(left, right);
}

export function compileLogical(node: LogicalExpression, context: Context): Code {
  const left = context.compile(node.left);
  const right = context.compile(node.right);
  if (node.operator === '&&') return (env, scope) => left(env, scope) && right(env, scope);
  if (node.operator === '||') return (env, scope) => left(env, scope) || right(env, scope);
  return (env, scope) => left(env, scope) ?? right(env, scope);
}

export function compileConditional(node: ConditionalExpression, context: Context): Code {
  const test = context.compile(node.test);
  const consequent = context.compile(node.consequent);
  const alternate = context.compile(node.alternate);
  return (env, scope) => (test(env, scope) ? consequent(env, scope) : alternate(env, scope));
}

const UNARY: ReadonlyMap<UnaryOperator, (code: Code) => Code> = new Map<UnaryOperator, (code: Code) => Code>([
  ['!', (code) => (env, scope) => !code(env, scope)],
  ['-', (code) => (env, scope) => -toNumber(code(env, scope))],
  ['+', (code) => (env, scope) => toNumber(code(env, scope))],
  ['typeof', (code) => (env, scope) => typeof code(env, scope)],
]);

export function compileUnary(node: UnaryExpression, context: Context): Code {
  const operator = UNARY.get(node.operator);
  if (operator === undefined) context.refuse(node, `the operator ${node.operator} is not allowed`);
  const code = context.compile(node.argument);
  return operator === undefined ? code : operator(code);
}
