/**
 * Calls. Only two forms exist: a function of the global tables, and a method that the table of its receiver's type
 * has. Both are named in the source, and a callback is accepted at one place of each, so no function is ever a value.
 */
import type { CallExpression, Expression, MemberExpression, SpreadElement } from 'acorn';
import { suggest } from '../suggest.ts';
import { charge, fail } from './budget.ts';
import { isGlobal, memberName } from './compile-access.ts';
import { type CallbackCode, compileArrow } from './compile-arrow.ts';
import { compileList } from './compile-literals.ts';
import type { Code, Context, Scope } from './context.ts';
import { DATE_METHODS, DURATION_METHODS } from './date-time.ts';
import type { Env } from './env.ts';
import { FUNCTIONS, NAMESPACES } from './globals.ts';
import { isUnsafe } from './members.ts';
import { ARRAY_METHODS } from './methods-array.ts';
import { BOOLEAN_METHODS, NUMBER_METHODS } from './methods-number.ts';
import { STRING_METHODS } from './methods-string.ts';
import { REGEX_METHODS } from './regex.ts';
import { Callback, kindOf, type Method, Opaque } from './values.ts';

/** Index of the argument that may be a function. */
const CALLBACK_PLACE: ReadonlyMap<string, number> = new Map([
  ...['every', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flatMap', 'map', 'reduce'].map(first),
  ...['reduceRight', 'some', 'sort', 'toSorted'].map(first),
  ...['replace', 'replaceAll', 'from', 'groupBy'].map((name): [string, number] => [name, 1]),
]);

function first(name: string): [string, number] {
  return [name, 0];
}

const MUTATING: ReadonlyMap<string, string> = new Map([
  ['push', 'use [...list, item]'],
  ['unshift', 'use [item, ...list]'],
  ['pop', 'use slice(0, -1) or at(-1)'],
  ['shift', 'use slice(1) or at(0)'],
  ['splice', 'use toSpliced'],
  ['fill', 'use map'],
  ['copyWithin', 'use toSpliced'],
  ['forEach', 'use map'],
]);

const HINTS: ReadonlyMap<string, string> = new Map([
  ['Math.random', 'expressions give the same result each time'],
  ['DateTime.local', 'use DateTime.now() or DateTime.fromObject'],
]);

type Arguments = (env: Env, scope: Scope | null) => unknown[];

export function compileCall(node: CallExpression, context: Context): Code {
  const callee = node.callee;
  if (isGlobal(callee, context) && FUNCTIONS.has(callee.name)) {
    return compileFunction(FUNCTIONS.get(callee.name)!, compileArguments(node, undefined, context));
  }
  if (callee.type !== 'MemberExpression') {
    const before = context.problems.length;
    const code = context.compile(callee);
    return context.problems.length > before
      ? code
      : context.refuse(node, 'only methods and known functions are called');
  }
  const name = memberName(callee);
  if (name === undefined) return context.refuse(callee.property, 'a method is named in the source, not computed');
  if (isUnsafe(name)) return context.refuse(callee.property, `the key ${name} is refused`);
  if (isGlobal(callee.object, context)) {
    const space = callee.object.name;
    if (NAMESPACES.has(space)) return compileStatic(node, callee, space, name, context);
    if (space === '$node' || space === '$secrets') return context.refuse(node, `${space} has nothing to call`);
  }
  return compileMethod(node, callee, name, context);
}

function compileFunction(method: Method, args: Arguments): Code {
  return (env, scope) => {
    charge(1);
    return method(undefined, args(env, scope), env);
  };
}

function compileStatic(
  node: CallExpression,
  callee: MemberExpression,
  space: string,
  name: string,
  context: Context,
): Code {
  const method = NAMESPACES.get(space)!.functions.get(name);
  const args = compileArguments(node, CALLBACK_PLACE.get(name), context);
  if (method !== undefined) return compileFunction(method, args);
  const hint = HINTS.get(`${space}.${name}`);
  const mend = hint === undefined ? suggest(name, NAMESPACES.get(space)!.functions.keys()) : ` (${hint})`;
  return context.refuse(callee.property, `${space} has no function ${name}${mend}`);
}

/** Tables of all receivers, for the check that a method of this name exists at all. */
const TABLES = [
  ...[STRING_METHODS, ARRAY_METHODS, NUMBER_METHODS, BOOLEAN_METHODS],
  ...[DATE_METHODS, DURATION_METHODS, REGEX_METHODS],
];

function compileMethod(node: CallExpression, callee: MemberExpression, name: string, context: Context): Code {
  const self = context.compile(callee.object);
  const args = compileArguments(node, CALLBACK_PLACE.get(name), context);
  if (!TABLES.some((table) => table.has(name))) return context.refuse(callee.property, unknownMethod(name));
  const lenient = isOptional(node);
  const find = finder(name);
  return (env, scope) => {
    charge(1);
    const value = self(env, scope);
    const method = find(value);
    if (method !== undefined) return method(value, args(env, scope), env);
    if (lenient && (value == null || node.optional)) return undefined;
    return fail(`${kindOf(value)} has no method ${name}`);
  };
}

function unknownMethod(name: string): string {
  const mend = MUTATING.get(name);
  if (mend !== undefined) return `${name} is not allowed, since nothing can be changed here; ${mend}`;
  return `unknown method ${name}${suggest(name, new Set(TABLES.flatMap((table) => [...table.keys()])))}`;
}

/** Looks a method up by the type of its receiver; the look-ups by name are done once. */
function finder(name: string): (value: unknown) => Method | undefined {
  const ofText = STRING_METHODS.get(name) as Method | undefined;
  const ofNumber = NUMBER_METHODS.get(name) as Method | undefined;
  const ofBoolean = BOOLEAN_METHODS.get(name) as Method | undefined;
  const ofArray = ARRAY_METHODS.get(name) as Method | undefined;
  return (value) => {
    if (typeof value === 'string') return ofText;
    if (typeof value === 'number') return ofNumber;
    if (typeof value === 'boolean') return ofBoolean;
    if (Array.isArray(value)) return ofArray;
    return value instanceof Opaque ? value.methods.get(name) : undefined;
  };
}

/** True where a `?.` stands in the path that leads to this call. */
function isOptional(node: Expression | { readonly type: 'Super' }): boolean {
  if (node.type === 'CallExpression') return node.optional || isOptional(node.callee);
  return node.type === 'MemberExpression' && (node.optional || isOptional(node.object));
}

function compileArguments(node: CallExpression, place: number | undefined, context: Context): Arguments {
  const taken = place === undefined ? undefined : node.arguments[place];
  const callback = taken === undefined ? undefined : compileCallback(taken, context);
  if (callback === undefined) return compileList(node.arguments, context);
  const before = node.arguments.slice(0, place);
  if (before.some((argument) => argument.type === 'SpreadElement')) {
    context.refuse(node, 'a spread cannot come before a function');
  }
  const head = compileList(before, context);
  const tail = compileList(node.arguments.slice(place! + 1), context);
  if (place === 0 && node.arguments.length === 1) return (env, scope) => [callback(env, scope)];
  return (env, scope) => [...head(env, scope), callback(env, scope), ...tail(env, scope)];
}

/** An arrow function, or a known function by its name (`filter(Boolean)`, `map(Math.abs)`); else undefined. */
function compileCallback(node: Expression | SpreadElement, context: Context): CallbackCode | undefined {
  if (node.type === 'ArrowFunctionExpression') return compileArrow(node, context);
  if (node.type === 'ParenthesizedExpression') return compileCallback(node.expression, context);
  const method = knownFunction(node, context);
  if (method === undefined) return undefined;
  return (env) =>
    new Callback((args) => {
      charge(1);
      return method(undefined, args, env);
    });
}

function knownFunction(node: Expression | SpreadElement, context: Context): Method | undefined {
  if (isGlobal(node, context)) return FUNCTIONS.get(node.name);
  if (node.type !== 'MemberExpression' || !isGlobal(node.object, context)) return undefined;
  const name = memberName(node);
  return name === undefined ? undefined : NAMESPACES.get(node.object.name)?.functions.get(name);
}
