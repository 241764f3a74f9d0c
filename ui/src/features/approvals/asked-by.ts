/** What the execution knows of an approval beyond the inbox: who would be asked next, and how often it reminds. */

import type { Approval } from '../../../../src/contract/approvals.ts';
import { isObject } from '../../../../src/core/json.ts';
import { useApi } from '../../api/query.ts';
import { span } from '../../components/spans.ts';

export interface Beyond {
  /** The arguments of a tool are asked for by an agent. */
  readonly agent: string | undefined;
  readonly reminder: string | undefined;
  readonly afterwards: string | undefined;
}

export function useBeyond({ id, executionId, path, status, due }: Approval): Beyond {
  const execution = useApi(
    'getExecution',
    { params: { id: executionId }, query: { values: 'omit' } },
    { enabled: status === 'open' },
  );
  const container = /^([^[/]+)\[\d+\]\/approve$/.exec(path)?.[1];
  const node = execution.data?.nodes.find((one) => one.path === container);
  const details = execution.data?.waitingFor.find(({ waitId }) => waitId === id)?.details;
  const { reminderMs, escalate } = isObject(details) && status === 'open' ? details : {};
  return {
    agent: node?.type === 'agent' ? container : undefined,
    reminder: typeof reminderMs === 'number' ? `every ${span(reminderMs)}` : undefined,
    afterwards: due !== null && details !== undefined ? afterwardsOf(escalate) : undefined,
  };
}

function afterwardsOf(escalate: unknown): string {
  if (!isObject(escalate)) return 'it expires';
  if ('decide' in escalate) return `it counts as ${String(escalate.decide)}`;
  const to = [escalate.to].flat().join(', ');
  return `${to} is asked${escalate.timeout === undefined ? '' : `, for ${String(escalate.timeout)}`}`;
}
