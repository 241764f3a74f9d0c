import { MyelinError } from '../core/errors.ts';
import {
  DEEPEST,
  type DecisionEnv,
  type Demand,
  decide,
  type ExecutionState,
  newState,
  next,
  tooDeep,
} from '../core/execution/index.ts';
import { PRIORITIES } from '../core/plan/plan.ts';
import type { Commit, NewSignal, WorkflowStore } from '../ports/store.ts';
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
  const state = newState(demand.executionId, parent.projectId, plan);
  const link = demand.wait ? { parent: { executionId: parent.id, path: demand.path } } : {};
  const events = decide(
    state,
    { type: 'create', triggerId: 'workflow', trigger: demand.input, depth: parent.depth + 1, ...link },
    env,
  );
  next(state);
  const create = {
    workflowId: found.id,
    version: found.version,
    triggerId: 'workflow',
    priority: PRIORITIES[plan.priority],
    createdAt: env.now,
    parentId: parent.id,
  };
  return queuedCommit(state, create, events);
}
