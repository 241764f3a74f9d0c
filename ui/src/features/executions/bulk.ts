/** Many executions canceled or retried: those that are chosen, or all that fit the filters. */
import type { ExecutionFilterQuery } from '../../../../src/contract/executions.ts';
import { call } from '../../api/call.ts';
import { createBulk, oneOf } from '../../components/bulk/bulk.ts';
import type { Outcome } from '../../components/bulk/bulk-run.ts';

export interface Order {
  readonly verb: 'cancel' | 'retry';
  /** In words: `20 executions`. */
  readonly what: string;
  readonly target:
    | { readonly ids: readonly string[] }
    | { readonly filter: ExecutionFilterQuery; readonly total: number | undefined };
}

type Part = { readonly id: string } | { readonly filter: ExecutionFilterQuery; readonly cursor?: string };

export const executionBulk = createBulk<Order, Part>({
  place: 'myelin.bulk.executions',
  partsOf: ({ target }) => ('ids' in target ? target.ids.map((id) => ({ id })) : [{ filter: target.filter }]),
  act: (part, { order, startedAt }) => ('id' in part ? one(order, part.id) : page(order, part, startedAt)),
  tags: ['Executions', 'Dead letters'],
});

const one = ({ verb }: Order, id: string): Promise<Outcome<Part>> =>
  oneOf(id, () => call(verb === 'cancel' ? 'cancelExecution' : 'retryExecution', { params: { id }, body: {} }));

/** As of the time of the order, so that what failed again meanwhile is not tried twice, even where an answer was lost. */
async function page({ verb }: Order, part: Extract<Part, { filter: unknown }>, asOf: string): Promise<Outcome<Part>> {
  const body = { ...part, asOf };
  const { nextCursor, ...counts } = await call(verb === 'cancel' ? 'cancelExecutions' : 'retryExecutions', { body });
  return { ...counts, ...(nextCursor !== null && { rest: { ...part, cursor: nextCursor } }) };
}
