/** A workflow with its last 24 hours, and which of them a search shows. */
import type { WorkflowStats } from '../../../../../src/contract/stats.ts';
import type { WorkflowSummary } from '../../../../../src/contract/workflows.ts';

import type { Request } from '../../../api/call.ts';

export interface Row extends WorkflowSummary {
  /** Undefined: not read yet. */
  readonly stats: WorkflowStats | undefined;
}

export const listRequest = (status: string | undefined): Request<'listWorkflows'> => ({
  query: { limit: 200, ...(status !== undefined && { status }) },
});

export function rowsOf(workflows: readonly WorkflowSummary[], stats: readonly WorkflowStats[], text = ''): Row[] {
  const byId = new Map(stats.map((one) => [one.workflowId, one]));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return workflows
    .filter(({ name, description }) => {
      const searched = `${name} ${description ?? ''}`.toLowerCase();
      return words.every((word) => searched.includes(word));
    })
    .map((workflow) => ({ ...workflow, stats: byId.get(workflow.id) }));
}
