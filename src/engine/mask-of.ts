import type { Mask } from '../core/masking/mask.ts';
import type { ExecutionStore } from '../ports/store.ts';
import type { Plans } from './plans.ts';

/** What an answer to the execution passes through before it is stored anywhere; null: it stays as it is. */
export async function maskOf(
  executions: Pick<ExecutionStore, 'get'>,
  plans: Plans,
  { projectId, executionId }: { readonly projectId: string; readonly executionId: string },
): Promise<Mask | null> {
  const row = await executions.get(projectId, executionId);
  return row === undefined ? null : (await plans.get(projectId, row.workflowId, row.version)).mask;
}
