/** Literals, template literals, arrays and objects. */
import type {
  ArrayExpression,
  Expression,
  Literal,
  ObjectExpression,
  Property,
  SpreadElement,
  TemplateLiteral,
} from 'acorn';
import { append, checkItems } from './budget.ts';
import type { Code, Context, Scope } from './context.ts';
import type { Env } from './env.ts';
import { isUnsafe, toKey } from './members.ts';
import { elementsOf, mergeInto } from './object-functions.ts';
import { RegexValue } from './regex.ts';
import { toText } from './values.ts';

export function compileLiteral(node: Literal, context: Context): Code {
  if (node.regex) return compileRegex(node, node.regex, context);
  if (node.bigint) return context.refuse(node, 'a bigint is not allowed; write a number');
  const value = node.value;
  return () => value;
}

function compileRegex(node: Literal, { pattern, flags }: { pattern: string; flags: string }, context: Context): Code {
  try {
    const regex = new RegexValue(pattern, flags);
    return () => regex;
  } catch (error) {
    const reason = (error as Error).message;
    return context.refuse(node, `the regular expression is not supported (RE2 syntax, flags gimsu): ${reason}`);
  }
}

export function compileTemplateLiteral(node: TemplateLiteral, context: Context): Code {
  const texts = node.quasis.map((quasi) => quasi.value.cooked!);
  const codes = node.expressions.map((expression) => context.compile(expression));
  return (env, scope) => {
    let text = texts[0]!;
    for (let i = 0; i < codes.length; i++) {
      text = append(append(text, toText(codes[i]!(env, scope))), texts[i + 1]!);
    }
    return text;
  };
}

type Element = Expression | SpreadElement | null;

/** A list with spread in it: the elements of an array, or the arguments of a call. */
export function compileList(
  elements: readonly Element[],
  context: Context,
): (env: Env, scope: Scope | null) => unknown[] {
  const spreads = elements.map((element) => element?.type === 'SpreadElement');
  const codes = elements.map((element): Code => {
    if (element === null) return () => undefined;
    return context.compile(element.type === 'SpreadElement' ? element.argument : element);
  });
  if (!spreads.includes(true)) return compileFixed(codes);
  return (env, scope) => {
    const list: unknown[] = [];
    for (let i = 0; i < codes.length; i++) {
      const value = codes[i]!(env, scope);
      if (!spreads[i]) list.push(value);
      else for (const element of grown(list, elementsOf(value))) list.push(element);
    }
    return list;
  };
}

function grown(list: readonly unknown[], added: readonly unknown[]): readonly unknown[] {
  checkItems(list.length + added.length);
  return added;
}

function compileFixed(codes: readonly Code[]): (env: Env, scope: Scope | null) => unknown[] {
  const [first, second] = codes;
  if (codes.length === 1) return (env, scope) => [first!(env, scope)];
  if (codes.length === 2) return (env, scope) => [first!(env, scope), second!(env, scope)];
  return (env, scope) => {
    const list: unknown[] = [];
    for (let i = 0; i < codes.length; i++) list.push(codes[i]!(env, scope));
    return list;
  };
}

export function compileArray(node: ArrayExpression, context: Context): Code {
  return compileList(node.elements, context);
}

type Part = (object: Record<string, unknown>, env: Env, scope: Scope | null) => void;

export function compileObject(node: ObjectExpression, context: Context): Code {
  const parts = node.properties.map((property): Part => {
    if (property.type === 'Property') return compileProperty(property, context);
    const value = context.compile(property.argument);
    return (object, env, scope) => mergeInto(object, value(env, scope));
  });
  return (env, scope) => {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < parts.length; i++) parts[i]!(object, env, scope);
    return object;
  };
}

function compileProperty(property: Property, context: Context): Part {
  if (property.kind !== 'init' || property.method) {
    return context.refuse(property, 'getters, setters and methods are not allowed');
  }
  if (property.computed) {
    const key = context.compile(property.key);
    const value = context.compile(property.value);
    return (object, env, scope) => {
      object[toKey(key(env, scope))] = value(env, scope);
    };
  }
  const key = staticKey(property.key, context);
  const value = context.compile(property.value);
  return (object, env, scope) => {
    object[key] = value(env, scope);
  };
}

/** The name of a property that is written out; an unsafe one is refused. */
export function staticKey(node: Expression, context: Context): string {
  const key = node.type === 'Identifier' ? node.name : String((node as Literal).value);
  if (isUnsafe(key)) context.refuse(node, `the key ${key} is refused`);
  return key;
}
