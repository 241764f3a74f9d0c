/**
 * Reads TypeScript back as the workflow it builds, without ever running it: the text is parsed, and a small language of
 * literals, constants and calls of the builder is interpreted. The builder itself is called, so what is read is what
 * the same text gives when it is deployed as a file. What the language does not have is refused with its place.
 */
import type { ImportDeclaration, Program, VariableDeclaration } from 'acorn';
import { isObject } from '../json.ts';
import { assertSafe } from '../safe-json.ts';
import { suggest } from '../suggest.ts';
import { attempt } from './attempt.ts';
import { GraphBuilder, WorkflowBuilder } from './builder.ts';
import { nameOf } from './kinds.ts';
import { parseModule } from './parse-module.ts';
import { toPlain } from './plain.ts';
import { BUILDERS } from './read-chain.ts';
import { readValue } from './read-value.ts';
import type { Reading } from './reading.ts';
import { Sizes } from './sizes.ts';
import { refuse, refuseSyntax, type Span, type TypeScriptFault, Unreadable } from './unreadable.ts';

export type { TypeScriptFault } from './unreadable.ts';

/** A document, which nobody has validated yet, or the first fault of the text. No text makes it throw. */
export type ReadTypeScript = { readonly document: unknown } | { readonly fault: TypeScriptFault };

export function readTypeScript(text: string): ReadTypeScript {
  try {
    return { document: readModule(parseModule(text), text.length) };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error.faultIn(text) };
    throw error;
  }
}

function readModule({ body }: Program, end: number): unknown {
  const names = new Map<string, unknown>();
  const reading: Reading = { names, sizes: new Sizes(), read: readValue };
  let result: { readonly value: unknown; readonly span: Span } | undefined;
  for (const statement of body) {
    if (statement.type === 'ImportDeclaration') readImport(statement, names);
    else if (statement.type === 'VariableDeclaration') readConstants(statement, names, reading);
    else if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration')
        refuseSyntax(declaration);
      result = { value: readValue(declaration, reading), span: declaration };
    } else if (statement.type === 'ExpressionStatement' && statement.expression.type === 'CallExpression') {
      readValue(statement.expression, reading);
    } else if (statement.type !== 'EmptyStatement') refuseSyntax(statement);
  }
  if (result === undefined) return refuse('there is no `export default` of a workflow', { start: end, end });
  return toDocument(result.value, result.span, reading.sizes);
}

/** At the end only: a constant that is exported may get nodes below. */
function toDocument(value: unknown, span: Span, sizes: Sizes): unknown {
  if (!isObject(value) || (value instanceof GraphBuilder && !(value instanceof WorkflowBuilder))) {
    refuse(
      `\`export default\` takes a workflow, not ${value instanceof GraphBuilder ? 'a graph' : nameOf(value)}`,
      span,
    );
  }
  sizes.charge(sizes.of(value).weight, span);
  return attempt(span, () => {
    const document = toPlain(value, 'the workflow');
    assertSafe(document);
    return document;
  });
}

function readImport({ source, specifiers }: ImportDeclaration, names: Map<string, unknown>): void {
  if (source.value !== 'myelin') refuse("only 'myelin' can be imported here", source);
  for (const specifier of specifiers) {
    const { local } = specifier;
    const imported = specifier.type === 'ImportSpecifier' ? specifier.imported : undefined;
    const name = imported?.type === 'Identifier' ? imported.name : '';
    if (!Object.hasOwn(BUILDERS, name)) {
      const known = Object.keys(BUILDERS);
      refuse(`import { ${known.join(', ')} } is all that is read here${suggest(name, known)}`, specifier);
    }
    names.set(local.name, BUILDERS[name]);
  }
}

function readConstants(
  { kind, declarations }: VariableDeclaration,
  names: Map<string, unknown>,
  reading: Reading,
): void {
  for (const { id, init, ...span } of declarations) {
    if (kind !== 'const' || !init) refuse('a value is named by `const`', span);
    if (id.type !== 'Identifier') refuse('a constant has one name; write const name = …', id);
    names.set(id.name, readValue(init, reading));
  }
}
