import { MyelinError } from '../errors.ts';
import type { Env } from '../expression/env.ts';
import { isStep } from '../node-type.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { NodeEnv } from './node-env.ts';
import type { NodeRef, NodeState } from './state.ts';
import { nodeState } from './state.ts';

/** The config of a node with its templates resolved; throws `expression_failed` or `config_invalid`. */
export function resolveConfig(node: PlanNode, env: Env): unknown {
  const config = { ...(node.config.resolve(env) as object), ...node.raw };
  if (node.config.constant || isStep(node.type)) return config;
  const checked = node.type.config.safeParse(config);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map((issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`);
  throw new MyelinError('config_invalid', faults.join('; '));
}

interface Resolved {
  /** `$now` of its expressions. */
  readonly now: number;
  readonly env: NodeEnv;
  readonly config: unknown;
}

/** Of attempts that were decided and have not begun: what had to be known for the price is not resolved again. */
const RESOLVED = new WeakMap<NodeState, Resolved>();

/** It has read no secrets, which only the task itself may: else it would have failed. */
export const keepResolved = (ref: NodeRef, resolved: Resolved): void => void RESOLVED.set(nodeState(ref), resolved);

/** Undefined: it was not kept, or of another `now`. Once: it may be long, and an attempt begins once. */
export function takeResolved(ref: NodeRef, now: number): Resolved | undefined {
  const kept = RESOLVED.get(nodeState(ref));
  RESOLVED.delete(nodeState(ref));
  return kept?.now === now ? kept : undefined;
}
