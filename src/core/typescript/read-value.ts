/** Literals, names, sums of texts, lists and objects; what is behind a dot or is called is read by `readChain`. */
import type {
  BinaryExpression,
  Expression,
  Identifier,
  Literal,
  ObjectExpression,
  TemplateLiteral,
  UnaryExpression,
} from 'acorn';
import { suggest } from '../suggest.ts';
import { isPath } from './arrow.ts';
import { isPlainObject, nameOf } from './kinds.ts';
import { readArrow } from './read-arrow.ts';
import { readChain, readTagged, refuseFunction } from './read-chain.ts';
import { type Readable, type Reading, readKey, readList } from './reading.ts';
import { refuse, refuseName, refuseSyntax } from './unreadable.ts';

/** Throws `Unreadable`. */
export function readValue(node: Readable, reading: Reading): unknown {
  return reading.sizes.inside(node, () => dispatch(node, reading));
}

function dispatch(node: Readable, reading: Reading): unknown {
  switch (node.type) {
    case 'Literal':
      return readLiteral(node);
    case 'TemplateLiteral':
      return readTemplate(node, reading);
    case 'Identifier':
      return readName(node, reading);
    case 'UnaryExpression':
      return readSigned(node, reading);
    case 'BinaryExpression':
      return readSum(node, reading);
    case 'ArrayExpression':
      return reading.sizes.note([...readList(node.elements, node, reading)], node);
    case 'ObjectExpression':
      return readObject(node, reading);
    case 'ArrowFunctionExpression':
      return readArrow(node, reading);
    case 'CallExpression':
    case 'MemberExpression':
      return readChain(node, reading);
    case 'TaggedTemplateExpression':
      return readTagged(node, reading);
    default:
      return refuseOperator(node, reading);
  }
}

function readLiteral(node: Literal): unknown {
  if (node.regex) refuse('a pattern is written as text', node);
  if (typeof node.value === 'bigint') refuse('a number is written without `n`', node);
  return node.value;
}

function readTemplate(node: TemplateLiteral, reading: Reading): string {
  const parts = node.quasis.flatMap(({ value }, index) => {
    const expression = node.expressions[index];
    return expression === undefined ? [String(value.cooked)] : [String(value.cooked), readPart(expression, reading)];
  });
  reading.sizes.charge(
    parts.reduce((length, part) => length + part.length, 0),
    node,
  );
  return parts.join('');
}

/** What stands in a template. A path prints itself. */
function readPart(node: Expression, reading: Reading): string {
  const value = reading.read(node, reading);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || isPath(value)) {
    return String(value);
  }
  return refuse(`a template takes texts, numbers and paths, not ${nameOf(value)}`, node);
}

function readName(node: Identifier, { names, arrow }: Reading): unknown {
  const { name } = node;
  if (name === arrow?.parameter)
    refuse(`${name} alone is no value; write a variable of it, such as ${name}.json`, node);
  const value = names.get(name);
  refuseFunction(value, node);
  if (names.has(name)) return value;
  if (name === 'undefined') return undefined;
  return refuseName(`there is no \`${name}\` above this line${suggest(name, names.keys())}`, node);
}

function readSigned(node: UnaryExpression, reading: Reading): number {
  const value = node.operator === '-' ? reading.read(node.argument, reading) : undefined;
  return typeof value === 'number' ? -value : refuseOperator(node, reading);
}

/** Texts and numbers, from left to right. Long texts are printed as long sums, so this does not go inwards. */
function readSum(node: BinaryExpression, reading: Reading): string | number {
  const operands: Readable[] = [];
  let left: Readable = node;
  for (; left.type === 'BinaryExpression'; left = left.left) {
    if (left.operator !== '+') refuseOperator(left, reading);
    operands.push(left.right);
  }
  const values = [left, ...operands.reverse()].map((operand) => {
    const value = reading.read(operand, reading);
    if (typeof value === 'string' || typeof value === 'number') return value;
    return isPath(value)
      ? refuseOperator(node, reading)
      : refuse(`+ takes texts and numbers, not ${nameOf(value)}`, operand);
  });
  reading.sizes.charge(
    values.reduce<number>((length, value) => length + String(value).length, 0),
    node,
  );
  return values.reduce((sum, value) =>
    typeof sum === 'number' && typeof value === 'number' ? sum + value : `${sum}${value}`,
  );
}

function readObject(node: ObjectExpression, reading: Reading): object {
  const object: Record<string, unknown> = {};
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const value = reading.read(property.argument, reading);
      if (!isPlainObject(value)) refuse('only an object is spread here', property);
      reading.sizes.charge(reading.sizes.of(value).weight, property);
      Object.assign(object, value);
      continue;
    }
    if (property.kind !== 'init' || property.method) refuseSyntax({ ...property, type: 'FunctionExpression' });
    object[readKey(property, reading)] = reading.read(property.value, reading);
  }
  return reading.sizes.note(object, node);
}

/** In an arrow function the builder has a word for most of them. */
function refuseOperator(node: Readable, { arrow }: Reading): never {
  const isOperator = /^(?:Binary|Logical|Conditional|Unary)/.test(node.type);
  if (arrow === undefined || !isOperator) return refuseSyntax(node);
  const name = 'operator' in node ? node.operator : '? :';
  return refuse(
    `\`${name}\` would act while the workflow is built; write .eq(), .gt(), .and(), .not() …, or $.expr\`…\``,
    node,
  );
}
