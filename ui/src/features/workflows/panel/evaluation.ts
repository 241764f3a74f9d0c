/** What a value with `{{ }}` in it comes to, or why it does not, by the interpreter that the engine runs. */
import type { Env } from '../../../../../src/core/expression/env.ts';
import { compileTemplate, templateFaults } from '../../../../../src/core/expression/index.ts';

export type Evaluation =
  | { readonly kind: 'constant' }
  | { readonly kind: 'value'; readonly value: unknown }
  /** It is no expression. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** It is one, and failed on this data. */
  | { readonly kind: 'failed'; readonly message: string };

export function evaluate(value: unknown, env: Env, variables: readonly string[]): Evaluation {
  const [fault] = templateFaults(value, variables);
  if (fault !== undefined) return { kind: 'invalid', message: fault.message };
  const template = compileTemplate(value);
  if (template.constant) return { kind: 'constant' };
  try {
    return { kind: 'value', value: template.resolve(env) };
  } catch (error) {
    return { kind: 'failed', message: reasonOf((error as Error).message) };
  }
}

/** The field shows the expression already: only the reason is told. */
function reasonOf(message: string): string {
  const end = message.lastIndexOf('}}: ');
  return end < 0 ? message : message.slice(end + 4);
}

const SHOWN = 160;

/** A value in one line. */
export function oneLine(value: unknown): string {
  if (value === undefined) return 'undefined';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 1 ? 'list of 1' : `list of ${value.length}`;
  return { string: 'text', number: 'number', boolean: 'yes/no', object: 'object' }[typeof value as string] ?? 'nothing';
}
