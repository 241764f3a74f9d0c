/** How a node stands: one that is pending when all is over was not reached, such as what would have undone another. */
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { hasEnded } from '../../../../../src/core/execution/status.ts';
import { Status } from '../../../components/status.tsx';
import { useRun } from './view.tsx';

export function NodeStatus({ status }: Pick<ExecutionNode, 'status'>) {
  const { execution } = useRun();
  return <Status status={status === 'pending' && hasEnded(execution.status) ? 'not reached' : status} />;
}
