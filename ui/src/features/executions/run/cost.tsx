/** What the models cost that an execution asked, in all; at a moment of its past what it had cost by then. */
import type { Execution } from '../../../../../src/contract/executions.ts';
import { NANOS } from '../../../../../src/core/money.ts';
import { useApi } from '../../../api/query.ts';
import { count } from '../../../components/money.ts';
import { costWords } from '../costs.ts';
import { useRun } from './view.tsx';

interface Spent {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number;
  readonly currency: string;
}

export function Cost() {
  const { execution, at } = useRun();
  // The books also have calls whose node failed; they know no moments.
  const books = useApi(
    'getUsage',
    { query: { by: 'execution', execution: execution.id } },
    { enabled: at === undefined },
  );
  const spent: readonly Spent[] = at === undefined ? (books.data?.items ?? []) : spentBy(execution);
  if (spent.length === 0) return null;
  const sum = (of: (one: Spent) => number) => spent.reduce((total, one) => total + of(one), 0);
  const [calls, input, output] = [
    sum((one) => one.calls),
    sum((one) => one.inputTokens),
    sum((one) => one.outputTokens),
  ];
  return (
    <span
      className="tabular-nums"
      title={`${calls} ${calls === 1 ? 'call' : 'calls'} of models: ${input.toLocaleString()} tokens in, ${output.toLocaleString()} out`}
    >
      {costWords(spent)} · {count(input + output)} tokens
    </span>
  );
}

/** Nodes at the top have the sum of what is inside. */
function spentBy({ nodes }: Execution): Spent[] {
  const used = nodes.flatMap(({ path, usage }) => (usage === undefined || path.includes('/') ? [] : [usage]));
  return [...Map.groupBy(used, ({ currency }) => currency)].map(([currency, same]) => ({
    currency,
    calls: same.reduce((sum, one) => sum + one.calls, 0),
    inputTokens: same.reduce((sum, one) => sum + one.inputTokens, 0),
    outputTokens: same.reduce((sum, one) => sum + one.outputTokens, 0),
    cost: same.reduce((sum, one) => sum + one.cost, 0) / NANOS,
  }));
}
