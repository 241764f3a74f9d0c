/** Runs a compiled expression under a fresh budget; whatever goes wrong comes out as a MyelinError that names it. */
import { MyelinError } from '../errors.ts';
import { Refusal, resetBudget } from './budget.ts';
import type { Compiled } from './compile.ts';
import type { Env } from './env.ts';
import { toPlain, toPlainPath } from './plain.ts';

const SHOWN = 200;

/**
 * The value as plain data. It may share parts with the environment: neither is ever changed.
 * Throws `expression_failed`, `expression_limit`, and what `env.secret` and `env.node` throw.
 */
export function evaluate(compiled: Compiled, env: Env, path = ''): unknown {
  resetBudget();
  try {
    const value = compiled.code(env, null);
    return compiled.isPath ? toPlainPath(value) : toPlain(value);
  } catch (error) {
    throw explained(error, compiled.source, path);
  }
}

/** Errors of the host say nothing of themselves here, since their messages may quote a value. */
function explained(error: unknown, source: string, path: string): MyelinError {
  if (error instanceof MyelinError) return error;
  const { code, message } =
    error instanceof Refusal ? error : { code: 'expression_failed' as const, message: 'it cannot be evaluated' };
  const shown = source.length > SHOWN ? `${source.slice(0, SHOWN)}…` : source;
  const place = path === '' ? '' : `${path}: `;
  return new MyelinError(code, `${place}{{ ${shown} }}: ${message}`, { path });
}
