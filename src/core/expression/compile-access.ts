/** Names and property reads. A path through something missing is undefined; it never throws. */
import type { Expression, Identifier, Literal, MemberExpression } from 'acorn';
import { suggest } from '../suggest.ts';
import { fail } from './budget.ts';
import type { Code, Context } from './context.ts';
import { DateValue } from './date-time.ts';
import { VARIABLES } from './env.ts';
import { CONSTANTS, FUNCTIONS, NAMESPACES } from './globals.ts';
import { isUnsafe, readComputed, readMember, toKey } from './members.ts';

/** One closure per variable, so that each read is of one property of one shape. */
const VARIABLE_CODES: ReadonlyMap<string, Code> = new Map<string, Code>([
  ['$json', (env) => env.$json],
  ['$trigger', (env) => env.$trigger],
  ['$execution', (env) => env.$execution],
  ['$workflow', (env) => env.$workflow],
  ['$vars', (env) => env.$vars],
  ['$now', (env) => (env.$now === undefined ? undefined : DateValue.at(env.$now))],
  ['$item', (env) => env.$item],
  ['$index', (env) => env.$index],
  ['$results', (env) => env.$results],
  ['$event', (env) => env.$event],
  ['$cursor', (env) => env.$cursor],
  ['$data', (env) => env.$data],
]);

export function compileIdentifier(node: Identifier, context: Context): Code {
  const { name } = node;
  const local = context.lookup(name);
  if (local !== undefined) return compileLocal(local.up, local.slot);
  if (CONSTANTS.has(name)) {
    const value = CONSTANTS.get(name);
    return () => value;
  }
  if (NAMESPACES.has(name) || FUNCTIONS.has(name)) return context.refuse(node, `${name} can only be called`);
  if (!context.allowed.has(name)) return context.refuse(node, unknownName(name, context));
  context.variables.add(name);
  const code = VARIABLE_CODES.get(name);
  if (code === undefined) return context.refuse(node, `${name} needs a name after it, such as ${name}.NAME`);
  if (name !== '$now') context.paths.add(code);
  return code;
}

function compileLocal(up: number, slot: number): Code {
  if (up === 0) return (_, scope) => scope!.slots[slot];
  return (_, scope) => {
    let at = scope!;
    for (let i = 0; i < up; i++) at = at.parent!;
    return at.slots[slot];
  };
}

function unknownName(name: string, context: Context): string {
  if ((VARIABLES as readonly string[]).includes(name)) return `${name} cannot be used here`;
  const kind = name.startsWith('$') ? 'variable' : 'name';
  const known = [...context.allowed, ...context.locals(), ...NAMESPACES.keys(), ...FUNCTIONS.keys(), 'undefined'];
  return `unknown ${kind} ${name}${suggest(name, known)}`;
}

/** The name of a property that is written in the source; undefined where it is computed. */
export function memberName(node: MemberExpression): string | undefined {
  const property = node.property;
  if (!node.computed) return (property as Identifier).name;
  if (property.type !== 'Literal' || typeof property.value !== 'string') return undefined;
  return property.value;
}

/** True for a global name that no parameter hides. */
export function isGlobal(node: { readonly type: string }, context: Context): node is Identifier {
  return node.type === 'Identifier' && context.lookup((node as Identifier).name) === undefined;
}

export function compileMember(node: MemberExpression, context: Context): Code {
  const name = memberName(node);
  if (name !== undefined && isUnsafe(name)) return context.refuse(node.property, `the key ${name} is refused`);
  if (isGlobal(node.object, context)) {
    if (node.object.name === '$node') return compileNode(node, name, context);
    if (node.object.name === '$secrets') return compileSecret(node, name, context);
    if (NAMESPACES.has(node.object.name)) return compileConstant(node, node.object.name, name, context);
  }
  const object = context.compile(node.object);
  const code = name === undefined ? compileComputed(object, node, context) : compileRead(object, name);
  if (context.paths.has(object)) context.paths.add(code);
  return code;
}

const compileRead =
  (object: Code, name: string): Code =>
  (env, scope) =>
    readMember(object(env, scope), name);

function compileComputed(object: Code, node: MemberExpression, context: Context): Code {
  const property = node.property as Expression;
  const key = context.compile(property);
  if (property.type === 'Literal' && typeof property.value === 'number') {
    const index = (property as Literal).value;
    return (env, scope) => readComputed(object(env, scope), index);
  }
  return (env, scope) => {
    const value = object(env, scope);
    return readComputed(value, key(env, scope));
  };
}

function compileNode(node: MemberExpression, name: string | undefined, context: Context): Code {
  allow('$node', node, context);
  if (name === undefined) {
    const key = context.compile(node.property);
    return (env, scope) => env.node?.(toKey(key(env, scope)));
  }
  context.nodes.add(name);
  const code: Code = (env) => env.node?.(name);
  context.paths.add(code);
  return code;
}

function compileSecret(node: MemberExpression, name: string | undefined, context: Context): Code {
  allow('$secrets', node, context);
  if (name === undefined) {
    return context.refuse(
      node,
      'a secret is named in the source, such as $secrets.NAME: it is fetched before the start',
    );
  }
  context.secrets.add(name);
  return (env) => (env.secret === undefined ? fail('secrets cannot be read here') : env.secret(name));
}

function allow(variable: string, node: MemberExpression, context: Context): void {
  context.variables.add(variable);
  if (!context.allowed.has(variable)) context.refuse(node, `${variable} cannot be used here`);
}

function compileConstant(node: MemberExpression, space: string, name: string | undefined, context: Context): Code {
  const { constants, functions } = NAMESPACES.get(space)!;
  const value = name === undefined ? undefined : constants.get(name);
  if (value !== undefined) return () => value;
  if (name === undefined) return context.refuse(node, `a property of ${space} is named in the source`);
  if (functions.has(name)) return context.refuse(node, `${space}.${name} can only be called`);
  return context.refuse(node.property, `${space} has no ${name}${suggest(name, constants.keys())}`);
}
