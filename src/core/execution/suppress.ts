/**
 * An execution may be asked to leave the world alone, as a replay of messages is: what would act on it counts as done
 * when its turn comes, and says in its output what it would have done.
 */
import { directorOf, isContainer, isStep } from '../node-type.ts';
import type { PlanNode } from '../plan/plan.ts';
import { NodeEnv } from './node-env.ts';
import { resolveConfig } from './resolve-config.ts';
import type { ExecutionState, NodeRef } from './state.ts';

/** Reason of a node that was skipped since effects are suppressed. */
export const SUPPRESSED = 'effects are suppressed';

/** `config` has its templates resolved; a secret is the text `$secrets.NAME`. */
export interface SuppressedOutput {
  readonly suppressed: true;
  readonly type: string;
  readonly config: unknown;
}

export function isSuppressed({ test }: ExecutionState, { node }: NodeRef): boolean {
  return test?.suppressed === true && acts(node);
}

/**
 * Beside those that act by their effect: what asks somebody outside, since nobody is to be asked, and whoever takes turns
 * of a model. Other containers open, and what is inside is looked at node by node.
 */
function acts({ type, effect }: PlanNode): boolean {
  if (isContainer(type)) return directorOf(type) !== undefined;
  if (isStep(type) && type.hear !== undefined) return true;
  return effect !== 'pure' && effect !== 'read';
}

/** Throws what the node would have failed with before it acted: `expression_failed` or `config_invalid`. */
export function suppressedOutput(state: ExecutionState, ref: NodeRef, now: number): SuppressedOutput {
  const { node } = ref;
  const env = new VeiledEnv(state, ref, now);
  // A text that stands for a secret need not be what the type takes in its place.
  if (node.config.references.secrets.size === 0) resolveConfig(node, env);
  return { suppressed: true, type: node.type.type, config: node.config.resolve(env) };
}

class VeiledEnv extends NodeEnv {
  secret(name: string): string {
    return `$secrets.${name}`;
  }
}
