/**
 * From syntax tree to closures, once. A node type that is not in the table is refused; nothing is ever turned into code.
 */
import type { AnyNode } from 'acorn';
import { compileIdentifier, compileMember } from './compile-access.ts';
import { compileCall } from './compile-calls.ts';
import { compileArray, compileLiteral, compileObject, compileTemplateLiteral } from './compile-literals.ts';
import { compileBinary, compileConditional, compileLogical, compileUnary } from './compile-operators.ts';
import { type Code, Context, type Problem, type References } from './context.ts';
import { VARIABLES } from './env.ts';
import { type Parsed, parse } from './parse.ts';

type Compilers = { [T in AnyNode['type']]?: (node: Extract<AnyNode, { type: T }>, context: Context) => Code };

const COMPILERS: Compilers = {
  ArrayExpression: compileArray,
  BinaryExpression: compileBinary,
  CallExpression: compileCall,
  ChainExpression: (node, context) => context.compile(node.expression),
  ConditionalExpression: compileConditional,
  Identifier: compileIdentifier,
  Literal: compileLiteral,
  LogicalExpression: compileLogical,
  MemberExpression: compileMember,
  ObjectExpression: compileObject,
  ParenthesizedExpression: (node, context) => context.compile(node.expression),
  TemplateLiteral: compileTemplateLiteral,
  UnaryExpression: compileUnary,
};
const BY_TYPE: ReadonlyMap<string, (node: AnyNode, context: Context) => Code> = new Map(
  Object.entries(COMPILERS) as [string, (node: AnyNode, context: Context) => Code][],
);

/** Why a form of JavaScript is not part of the language. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['ArrowFunctionExpression', 'a function can only be given to a method that takes one, such as map'],
  ['AssignmentExpression', 'assignment is not allowed; to compare, write === or =='],
  ['AwaitExpression', 'await is not allowed'],
  ['ClassExpression', 'classes are not allowed'],
  ['FunctionExpression', 'write a function as x => x.name'],
  ['ImportExpression', 'import is not allowed'],
  ['NewExpression', 'new is not allowed; for dates use $now and DateTime.fromISO(text)'],
  ['SequenceExpression', 'a sequence of expressions is not allowed'],
  ['TaggedTemplateExpression', 'tagged templates are not allowed'],
  ['ThisExpression', 'this is not allowed; the data is in $json'],
  ['UpdateExpression', '++ and -- are not allowed'],
]);

function compileNode(node: AnyNode, context: Context): Code {
  const compiler = BY_TYPE.get(node.type);
  if (compiler !== undefined) return compiler(node, context);
  return context.refuse(node, REFUSED.get(node.type) ?? `${node.type} is not allowed`);
}

/** An expression that compiled. */
export interface Compiled {
  readonly source: string;
  readonly code: Code;
  /** The code only reads a path from the input. */
  readonly isPath: boolean;
  readonly references: References;
}

export interface Analysis {
  readonly problems: readonly Problem[];
  /** Absent where there are problems. */
  readonly compiled?: Compiled;
  /** Where the text goes on after the closing braces; absent where the syntax is wrong. */
  readonly next?: number;
}

const ALL: ReadonlySet<string> = new Set(VARIABLES);

/** Compiles the expression at `start` of `text`, and finds everything that is wrong with it. */
export function analyze(text: string, start: number, braces: boolean, allowed: ReadonlySet<string> = ALL): Analysis {
  const parsed = parse(text, start, braces);
  if (!('node' in parsed)) return { problems: [parsed] };
  return compileParsed(parsed, text, start, allowed);
}

function compileParsed(
  { node, end, next }: Parsed,
  text: string,
  start: number,
  allowed: ReadonlySet<string>,
): Analysis {
  const context = new Context(allowed, compileNode);
  const code = context.compile(node);
  if (context.problems.length > 0) {
    const problems = context.problems.map(({ position, reason }) => ({ position: start + position, reason }));
    return { problems: problems.sort((a, b) => a.position - b.position), next };
  }
  const { variables, nodes, secrets } = context;
  const source = text.slice(start, end).trim();
  const isPath = context.paths.has(code);
  return { problems: [], compiled: { source, code, isPath, references: { variables, nodes, secrets } }, next };
}
