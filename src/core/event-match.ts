/**
 * Conditions on events that are yet to come. What the condition reads of its execution is taken along when the node
 * begins to wait, so that whoever delivers an event can ask without bringing the execution back into memory.
 */

import type { Env, Variable } from './expression/env.ts';
import { compileTemplate } from './expression/index.ts';

export interface EventMatch {
  /** The condition as written, with `{{ }}`. */
  readonly condition: string;
  /** Variables it reads, by name with `$`. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Outputs it reads, by node id. */
  readonly nodes: Readonly<Record<string, unknown>>;
}

const LATER: readonly Variable[] = ['$event', '$node', '$secrets'];

export function eventMatch(condition: string, env: Env): EventMatch {
  const { references } = compileTemplate(condition);
  const names = [...references.variables].filter((name) => !LATER.includes(name as Variable));
  return {
    condition,
    variables: Object.fromEntries(names.map((name) => [name, env[name as keyof Env] ?? null])),
    nodes: Object.fromEntries([...references.nodes].map((id) => [id, env.node?.(id) ?? null])),
  };
}

/** Throws `expression_failed` and `expression_limit`. */
export function isMatch({ condition, variables, nodes }: EventMatch, $event: unknown): boolean {
  const env: Env = { ...variables, $event, node: (id) => nodes[id] };
  return compileTemplate(condition).resolve(env) === true;
}
