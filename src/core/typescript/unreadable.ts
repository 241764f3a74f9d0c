/** Why a text cannot be read as a workflow, and where. */
import { getLineInfo } from 'acorn';

export interface TypeScriptFault {
  readonly message: string;
  /** Character positions in the text. */
  readonly from: number;
  readonly to: number;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** Where something stands: a node of the syntax tree is one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Ends the reading; `readTypeScript` turns it into its fault. */
export class Unreadable extends Error {
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }

  faultIn(text: string): TypeScriptFault {
    const { start, end } = this.span;
    const { line, column } = getLineInfo(text, start);
    return { message: this.message, from: start, to: end, line, column: column + 1 };
  }
}

const READ =
  "this view reads literals and the builder's calls; a loop or a function of your own belongs in a file that you deploy";

/** Syntax by the words of its users; what is not here goes by `this`. */
const WORDS: Readonly<Record<string, string>> = {
  ArrowFunctionExpression: 'a function of this kind',
  AssignmentExpression: 'an assignment',
  AwaitExpression: '`await`',
  BinaryExpression: 'this operator',
  ChainExpression: '`?.`',
  ClassDeclaration: 'a class',
  ConditionalExpression: '`? :`',
  DoWhileStatement: 'a loop',
  ForInStatement: 'a loop',
  ForOfStatement: 'a loop',
  ForStatement: 'a loop',
  FunctionDeclaration: 'a function',
  FunctionExpression: 'a function',
  IfStatement: '`if`',
  ImportExpression: '`import()`',
  LogicalExpression: 'this operator',
  NewExpression: '`new`',
  TaggedTemplateExpression: 'a tag of your own',
  UnaryExpression: 'this operator',
  WhileStatement: 'a loop',
};

/** For syntax that means nothing here. */
export function refuseSyntax(node: Span & { readonly type: string }): never {
  throw new Unreadable(`${WORDS[node.type] ?? 'this'} cannot be read here: ${READ}`, node);
}

/** For what is well-formed and known, but not in this place. */
export function refuse(message: string, span: Span): never {
  throw new Unreadable(message, span);
}

/** For a name that nothing here has. */
export function refuseName(message: string, span: Span): never {
  throw new Unreadable(`${message}: ${READ}`, span);
}
