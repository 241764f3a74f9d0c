/** What is behind a dot, and calls: of `workflow` and `graph`, of the builder, of paths in an arrow function. */
import type { CallExpression, Identifier, MemberExpression, TaggedTemplateExpression } from 'acorn';
import { suggest } from '../suggest.ts';
import { isPath } from './arrow.ts';
import { attempt } from './attempt.ts';
import { GraphBuilder, graph, WorkflowBuilder, workflow } from './builder.ts';
import { isPlainObject, nameOf } from './kinds.ts';
import { type Readable, type Reading, readKey, readList } from './reading.ts';
import { refuse, refuseName, refuseSyntax } from './unreadable.ts';

/** What a module may import from `myelin` to be read here. */
export const BUILDERS: Readonly<Record<string, (...args: never[]) => GraphBuilder>> = { workflow, graph };
const FUNCTIONS: ReadonlySet<unknown> = new Set(Object.values(BUILDERS));

type Link = CallExpression | MemberExpression;

/** From left to right, not from outside in: a workflow of many nodes is one long chain. */
export function readChain(node: Link, reading: Reading): unknown {
  const links: Link[] = [];
  let head: Readable = node;
  while (head.type === 'CallExpression' || head.type === 'MemberExpression') {
    links.push(head);
    head = head.type === 'CallExpression' ? head.callee : head.object;
  }
  let value = readHead(head, reading);
  for (let link = links.pop(); link !== undefined; link = links.pop()) {
    if (link.type === 'CallExpression') value = callFunction(value, link, reading);
    else if (value instanceof GraphBuilder) value = callMethod(value, link, links.pop(), reading);
    else value = readMember(value, link, reading);
  }
  return value;
}

/** Only here do `$`, `workflow` and `graph` stand for something: behind them comes a dot or a call. */
function readHead(head: Readable, reading: Reading): unknown {
  if (head.type !== 'Identifier') return reading.read(head, reading);
  const { names, arrow } = reading;
  if (arrow !== undefined && head.name === arrow.parameter) return arrow.scope;
  const known = names.get(head.name);
  return FUNCTIONS.has(known) ? known : reading.read(head, reading);
}

/** Throws `Unreadable` for a function of the builder that is not called. */
export function refuseFunction(value: unknown, node: Identifier): void {
  if (FUNCTIONS.has(value)) refuse(`${node.name} is called here: ${node.name}(…)`, node);
}

function readMember(value: unknown, link: MemberExpression, reading: Reading): unknown {
  const { property, computed } = link;
  const key = readKey({ key: property, computed }, reading);
  if (value === reading.arrow?.scope && key === 'expr') refuse('$.expr is a template: $.expr`…`', link);
  if (isPath(value)) return value[key];
  if (value === reading.arrow?.scope) return attempt(property, () => Reflect.get(Object(value), key));
  if (!Array.isArray(value) && !isPlainObject(value)) {
    return refuseName(`${nameOf(value)} has no \`${key}\` that can be read here`, property);
  }
  if (Object.hasOwn(value, key)) return reading.sizes.part(Reflect.get(value, key), value);
  return refuseName(`there is no \`${key}\` in it${suggest(key, Object.keys(value))}`, property);
}

function callFunction(value: unknown, link: CallExpression, reading: Reading): unknown {
  const isBuilder = FUNCTIONS.has(value);
  if (typeof value !== 'function' || !(isBuilder || isPath(value)))
    return refuseName('this is no call of the builder', link.callee);
  const { args, weight, depth } = readArguments(link, reading);
  const result: unknown = attempt(link.callee, () => Reflect.apply(value, undefined, args));
  if (result instanceof GraphBuilder) reading.sizes.set(result, { weight, depth });
  return result;
}

/** The methods are those that the builder has. */
function callMethod(builder: GraphBuilder, link: MemberExpression, call: Link | undefined, reading: Reading): unknown {
  const { property, computed } = link;
  const key = readKey({ key: property, computed }, reading);
  const methods = methodsOf(builder);
  const what = builder instanceof WorkflowBuilder ? 'a workflow' : 'a graph';
  if (!methods.has(key)) return refuseName(`${what} has no method \`${key}\`${suggest(key, methods)}`, property);
  if (call?.type !== 'CallExpression') return refuse(`\`${key}\` of ${what} is called: .${key}(…)`, property);
  const { args, weight, depth } = readArguments(call, reading);
  const before = reading.sizes.of(builder);
  const after = { weight: before.weight + weight, depth: Math.max(before.depth, depth) };
  const result: unknown = attempt(property, () => Reflect.apply(Reflect.get(builder, key), builder, args));
  reading.sizes.set(builder, after);
  if (result === builder) return builder;
  reading.sizes.charge(after.weight, link);
  reading.sizes.set(Object(result), after);
  return result;
}

function methodsOf(builder: GraphBuilder): ReadonlySet<string> {
  const methods = new Set<string>();
  for (let one = Object.getPrototypeOf(builder); one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    for (const name of Object.getOwnPropertyNames(one)) methods.add(name);
  }
  methods.delete('constructor');
  return methods;
}

/** Charged as what is copied, all of it. */
function readArguments(call: CallExpression, reading: Reading) {
  const args = [...readList(call.arguments, call, reading)];
  const sizes = args.map((arg) => reading.sizes.of(arg));
  const weight = sizes.reduce((sum, size) => sum + size.weight, 0);
  reading.sizes.charge(weight, call);
  return { args, weight, depth: Math.max(0, ...sizes.map((size) => size.depth)) };
}

/** `` $.expr`…` `` in an arrow function. */
export function readTagged(node: TaggedTemplateExpression, reading: Reading): unknown {
  const { tag, quasi } = node;
  const { arrow } = reading;
  if (arrow === undefined || !isExpr(tag, arrow.parameter)) return refuseSyntax(node);
  const texts = quasi.quasis.map(({ value }) => value.cooked ?? refuse('an escape in it is none', quasi));
  const values = quasi.expressions.map((one) => reading.read(one, reading));
  reading.sizes.charge(
    values.reduce<number>((sum, value) => sum + reading.sizes.of(value).weight, 0),
    node,
  );
  const raw = quasi.quasis.map(({ value }) => value.raw);
  return attempt(node, () => Reflect.apply(arrow.scope.expr, undefined, [Object.assign(texts, { raw }), ...values]));
}

function isExpr(tag: Readable, parameter: string | undefined): boolean {
  if (tag.type !== 'MemberExpression' || tag.computed) return false;
  const { object, property } = tag;
  return (
    object.type === 'Identifier' &&
    object.name === parameter &&
    property.type === 'Identifier' &&
    property.name === 'expr'
  );
}
