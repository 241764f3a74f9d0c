import { MyelinError } from '../core/errors.ts';
import {
  type Command,
  DEEPEST,
  type DecisionEnv,
  type Demand,
  decide,
  type ExecutionState,
  newState,
  next,
  tooDeep,
} from '../core/execution/index.ts';
import { flowOf, type Gate } from '../core/flow/ticket.ts';
import { type Plan, PRIORITIES } from '../core/plan/plan.ts';
import type { Commit, NewExecution, NewSignal } from '../ports/store.ts';
import type { WorkflowStore } from '../ports/workflows.ts';
import type { Plans } from './plans.ts';
import { queuedCommit } from './queued-commit.ts';

export interface ChildNeeds {
  readonly workflows: WorkflowStore;
  readonly plans: Plans;
  readonly env: DecisionEnv;
}

/**
 * The commit that creates a child execution, queued. Where the workflow does not exist or is not active, a signal to
 * the parent instead: it hears of this the same way as of any child that failed.
 */
export async function childCommit(
  needs: ChildNeeds,
  parent: ExecutionState,
  demand: Extract<Demand, { kind: 'child' }>,
): Promise<Commit | NewSignal> {
  const { workflows, plans, env } = needs;
  const found = await workflows.get(parent.projectId, demand.workflow);
  const refusal =
    parent.depth >= DEEPEST
      ? tooDeep()
      : new MyelinError('workflow_not_active', `There is no active workflow ${demand.workflow}.`);
  if (found === undefined || found.status !== 'active' || parent.depth >= DEEPEST) {
    const error = refusal.toInfo();
    const outcome = { status: 'failed', error } as const;
    const signal = { type: 'child-ended', executionId: demand.executionId, outcome } as const;
    return { executionId: parent.id, projectId: parent.projectId, signal };
  }
  const plan = await plans.get(parent.projectId, found.id, found.version);
  return queuedStart(env, {
    executionId: demand.executionId,
    projectId: parent.projectId,
    plan,
    triggerId: 'workflow',
    trigger: demand.input,
    depth: parent.depth + 1,
    ...(demand.accounts.length > 0 && { accounts: demand.accounts }),
    parentId: parent.id,
    ...(demand.wait ? { parent: { executionId: parent.id, path: demand.path } } : {}),
  });
}

export interface QueuedStart extends Omit<Extract<Command, { type: 'create' }>, 'type'> {
  readonly executionId: string;
  readonly projectId: string;
  readonly plan: Plan;
  readonly parentId?: string;
  /** The same key starts nothing again. */
  readonly key?: NonNullable<NewExecution['key']>;
  /** What it waits for beside the limits of its workflow. */
  readonly gate?: Gate;
}

/** Creates an execution that another one starts, or a schedule. */
export function queuedStart(env: DecisionEnv, start: QueuedStart): Commit {
  const { executionId, projectId, plan, parentId = null, key, gate, ...command } = start;
  const state = newState(executionId, projectId, plan);
  const { ticket, holds } = flowOf(plan, command.trigger, env.now, gate);
  const events = decide(state, { type: 'create', ...command, ...holds }, env);
  next(state);
  const { workflowId, version } = plan;
  const { triggerId } = command;
  const priority = PRIORITIES[plan.priority];
  const create = { workflowId, version, triggerId, priority, createdAt: env.now, parentId, ...ticket };
  return queuedCommit(state, key === undefined ? create : { ...create, key }, events);
}
