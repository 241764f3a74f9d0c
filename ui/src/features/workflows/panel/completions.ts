/** What may follow at the cursor of an expression: variables, fields that the last run had, methods by type. */

import { DATE_METHODS } from '../../../../../src/core/expression/date-time.ts';
import type { Env } from '../../../../../src/core/expression/env.ts';
import { FUNCTIONS, NAMESPACES } from '../../../../../src/core/expression/globals.ts';
import { compileExpression } from '../../../../../src/core/expression/index.ts';
import { ARRAY_METHODS } from '../../../../../src/core/expression/methods-array.ts';
import { NUMBER_METHODS } from '../../../../../src/core/expression/methods-number.ts';
import { STRING_METHODS } from '../../../../../src/core/expression/methods-string.ts';
import { kindOf, oneLine } from './evaluation.ts';
import { isIdentifier, operandBefore } from './member-path.ts';

export interface Suggestion {
  readonly label: string;
  /** Text that takes the place of what was typed from `from` on; default the label. */
  readonly apply?: string;
  /** `apply` takes the place of the dot before too. */
  readonly eatsDot?: true;
  readonly kind: 'variable' | 'field' | 'method' | 'function' | 'node' | 'secret';
  readonly detail?: string;
}

export interface Suggestions {
  /** Characters before the cursor that the suggestions complete. */
  readonly typed: string;
  readonly list: readonly Suggestion[];
}

export interface Scope {
  readonly env: Env;
  /** With `$`, that may be named here. */
  readonly variables: readonly string[];
  readonly nodes: readonly { readonly id: string; readonly type: string }[];
  readonly secrets: readonly string[];
}

const MEANINGS: Readonly<Record<string, string>> = {
  $json: 'input of this node',
  $node: 'outputs of earlier nodes',
  $trigger: 'what started it',
  $execution: 'id, createdAt, callbackUrl',
  $workflow: 'id, name, version',
  $vars: 'variables',
  $now: 'the time, as a date',
  $secrets: 'secrets of the server',
  $item: 'of this iteration',
  $index: 'of this iteration, from 0',
  $results: 'of the iterations before',
  $event: 'the event that came',
};

/** `before` is the expression up to the cursor. */
export function suggestionsAt(before: string, scope: Scope): Suggestions | undefined {
  const member = /(\??\.)\s*([\w$]*)$/.exec(before);
  if (member !== null) {
    const operand = operandBefore(before.slice(0, member.index));
    if (operand === '' || /^\d+$/.test(operand)) return undefined;
    const list = membersOf(operand, scope);
    return list.length === 0 ? undefined : { typed: member[2] ?? '', list };
  }
  const word = /(?:^|[^\w$.'"`])([A-Za-z_$][\w$]*|)$/.exec(before);
  if (word === null) return undefined;
  return { typed: word[1] ?? '', list: globals(scope) };
}

function globals({ variables, env }: Scope): readonly Suggestion[] {
  // Outside of what goes round the engine takes these names too, and they are nothing.
  const isRound = env.$index !== undefined;
  const named = variables.filter((label) => isRound || !['$item', '$index', '$results'].includes(label));
  const own = named.map((label): Suggestion => {
    const value = (env as Readonly<Record<string, unknown>>)[label];
    const detail = MEANINGS[label] ?? '';
    return { label, kind: 'variable', detail: value === undefined ? detail : `${detail} · ${kindOf(value)}` };
  });
  const names = [...NAMESPACES.keys(), ...FUNCTIONS.keys()];
  return [...own, ...[...new Set(names)].map((label): Suggestion => ({ label, kind: 'function' }))];
}

function membersOf(operand: string, scope: Scope): readonly Suggestion[] {
  if (operand === '$node') return scope.nodes.map((node) => nodeSuggestion(node, scope.env));
  if (operand === '$secrets') return scope.secrets.map((label) => ({ label, kind: 'secret' }));
  const namespace = NAMESPACES.get(operand);
  if (namespace !== undefined) {
    const constants = [...namespace.constants.keys()].map((label): Suggestion => ({ label, kind: 'field' }));
    return [...methods(namespace.functions), ...constants];
  }
  const value = resultOf(operand, scope.env);
  if (typeof value === 'string')
    return isDate(operand, scope.env) ? methods(DATE_METHODS) : [LENGTH, ...methods(STRING_METHODS)];
  if (typeof value === 'number') return methods(NUMBER_METHODS);
  if (Array.isArray(value)) return [LENGTH, ...methods(ARRAY_METHODS)];
  return typeof value === 'object' && value !== null ? fieldsOf(value) : [];
}

const LENGTH: Suggestion = { label: 'length', kind: 'field', detail: 'number' };

function nodeSuggestion({ id, type }: { readonly id: string; readonly type: string }, env: Env): Suggestion {
  const output = env.node?.(id);
  const detail = output === undefined ? type : `${type} · ${kindOf(output)}`;
  return { label: id, kind: 'node', detail, ...(isIdentifier(id) ? {} : bracketed(id)) };
}

const bracketed = (name: string) => ({ apply: `[${JSON.stringify(name)}]`, eatsDot: true }) as const;

const MOST = 200;

function fieldsOf(value: object): readonly Suggestion[] {
  return Object.entries(value)
    .slice(0, MOST)
    .map(([label, one]) => ({
      label,
      kind: 'field',
      detail: typeof one === 'object' && one !== null ? kindOf(one) : oneLine(one).slice(0, 40),
      ...(isIdentifier(label) ? {} : bracketed(label)),
    }));
}

const methods = (table: ReadonlyMap<string, unknown>): readonly Suggestion[] =>
  [...table.keys()].sort().map((label) => ({ label, kind: 'method', apply: `${label}()` }));

function resultOf(expression: string, env: Env): unknown {
  try {
    return compileExpression(expression).evaluate(env);
  } catch {
    return undefined;
  }
}

/** Dates come out of the interpreter as texts; only they have this method. */
const isDate = (expression: string, env: Env): boolean =>
  typeof resultOf(`(${expression}).toUnixInteger()`, env) === 'number';
