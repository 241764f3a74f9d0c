/**
 * Arrow functions, which are no values: they stand only where a method takes a function, and become a `Callback` there.
 * Parameters are names, or patterns of names with defaults.
 */
import type { ArrowFunctionExpression, Pattern } from 'acorn';
import { charge } from './budget.ts';
import { staticKey } from './compile-literals.ts';
import type { Code, Context, Scope } from './context.ts';
import type { Env } from './env.ts';
import { isUnsafe, readComputed, readMember } from './members.ts';
import { Callback } from './values.ts';

/** Makes the callback for one evaluation. */
export type CallbackCode = (env: Env, scope: Scope | null) => Callback;

/** Nodes of a body that make one step. */
const NODES_PER_STEP = 16;

/** Puts what a pattern takes from a value into the slots of a call. */
type Binder = (value: unknown, slots: unknown[], env: Env, scope: Scope) => void;

export function compileArrow(node: ArrowFunctionExpression, context: Context): CallbackCode {
  if (node.async) context.refuse(node, 'async functions are not allowed');
  if (node.body.type === 'BlockStatement') {
    return context.refuse(node.body, 'a function body is one expression, without braces and return');
  }
  const names: string[] = [];
  const body = node.body;
  const simple = node.params.every((param) => param.type === 'Identifier');
  const before = context.size;
  const { binders, code } = context.within(names, () => ({
    binders: node.params.map((param) => compilePattern(param, names, context)),
    code: context.compile(body),
  }));
  const steps = 1 + Math.floor((context.size - before) / NODES_PER_STEP);
  return simple ? compileSimple(code, steps) : compileBinding(code, binders, steps);
}

/** Plain names: the arguments are the slots. */
function compileSimple(code: Code, steps: number): CallbackCode {
  return (env, parent) =>
    new Callback((slots) => {
      charge(steps);
      return code(env, { parent, slots });
    });
}

function compileBinding(code: Code, binders: readonly Binder[], steps: number): CallbackCode {
  return (env, parent) =>
    new Callback((args) => {
      charge(steps);
      const slots: unknown[] = [];
      const scope = { parent, slots };
      for (let i = 0; i < binders.length; i++) binders[i]!(args[i], slots, env, scope);
      return code(env, scope);
    });
}

function compilePattern(pattern: Pattern, names: string[], context: Context): Binder {
  switch (pattern.type) {
    case 'Identifier':
      return compileName(pattern.name, pattern, names, context);
    case 'AssignmentPattern': {
      const target = compilePattern(pattern.left, names, context);
      const fallback = context.compile(pattern.right);
      return (value, slots, env, scope) =>
        target(value === undefined ? fallback(env, scope) : value, slots, env, scope);
    }
    case 'ObjectPattern':
      return compileObjectPattern(pattern.properties, names, context);
    case 'ArrayPattern':
      return compileArrayPattern(pattern.elements, names, context);
    default:
      return context.refuse(pattern, 'rest parameters are not allowed');
  }
}

function compileName(name: string, node: Pattern, names: string[], context: Context): Binder {
  if (isUnsafe(name)) context.refuse(node, `the name ${name} is refused`);
  const slot = names.push(name) - 1;
  return (value, slots) => {
    slots[slot] = value;
  };
}

type Properties = Extract<Pattern, { type: 'ObjectPattern' }>['properties'];

function compileObjectPattern(properties: Properties, names: string[], context: Context): Binder {
  const parts = properties.map((property): Binder => {
    if (property.type === 'RestElement') return compilePattern(property, names, context);
    if (property.computed) context.refuse(property, 'a computed key is not allowed in a parameter');
    const key = property.computed ? '' : staticKey(property.key, context);
    const target = compilePattern(property.value, names, context);
    return (value, slots, env, scope) => target(readMember(value, key), slots, env, scope);
  });
  return (value, slots, env, scope) => {
    for (const part of parts) part(value, slots, env, scope);
  };
}

function compileArrayPattern(elements: readonly (Pattern | null)[], names: string[], context: Context): Binder {
  const parts = elements.map((element): Binder => {
    return element === null ? () => undefined : compilePattern(element, names, context);
  });
  return (value, slots, env, scope) => {
    for (let i = 0; i < parts.length; i++) parts[i]!(readComputed(value, i), slots, env, scope);
  };
}
