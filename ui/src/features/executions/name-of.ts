/** By which name people know an execution: that of its workflow, where it has one. */
import type { ExecutionSummary } from '../../../../src/contract/executions.ts';

type Named = Pick<ExecutionSummary, 'workflowName' | 'test'>;

/** What the API says of a workflow that is not there. */
const NOBODY = '(deleted)';

/** There is a workflow that can be opened and run: it was not deleted, and not a draft that nobody has saved. */
export const hasWorkflow = ({ workflowName }: Named): boolean => workflowName !== NOBODY;

export const nameOf = (execution: Named): string =>
  hasWorkflow(execution) ? execution.workflowName : execution.test ? 'Draft that was not saved' : 'Deleted workflow';
