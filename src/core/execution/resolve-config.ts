import { MyelinError } from '../errors.ts';
import type { Env } from '../expression/env.ts';
import { isStep } from '../node-type.ts';
import type { PlanNode } from '../plan/plan.ts';

/** The config of a node with its templates resolved; throws `expression_failed` or `config_invalid`. */
export function resolveConfig(node: PlanNode, env: Env): unknown {
  const config = { ...(node.config.resolve(env) as object), ...node.raw };
  if (node.config.constant || isStep(node.type)) return config;
  const checked = node.type.config.safeParse(config);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map((issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`);
  throw new MyelinError('config_invalid', faults.join('; '));
}
