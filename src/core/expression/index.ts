/**
 * The expression language: a subset of JavaScript in `{{ }}`, interpreted over plain data. Values are data and our own
 * closures; no host object is ever visible (rule R1).
 */
import { MyelinError } from '../errors.ts';
import { analyze } from './compile.ts';
import type { References } from './context.ts';
import type { Env } from './env.ts';
import { evaluate } from './evaluate.ts';

export { compileTemplate, isOneExpression, type Template, templateFaults } from './template.ts';

export interface Expression {
  readonly source: string;
  /** Plain data, which may share parts with `env`. Throws `expression_failed` or `expression_limit`. */
  evaluate(env: Env): unknown;
  readonly references: References;
}

/**
 * Compiles the inside of one `{{ }}`. Throws `expression_invalid` with `data: { path: '', position }`,
 * the position in characters from 0.
 */
export function compileExpression(source: string): Expression {
  const { compiled, problems } = analyze(source, 0, false);
  if (compiled === undefined) {
    const { position, reason } = problems[0]!;
    throw new MyelinError('expression_invalid', `${reason} at position ${position}`, { path: '', position });
  }
  return { source, evaluate: (env) => evaluate(compiled, env), references: compiled.references };
}
