/** Many dead letters tried again or put away: those that are chosen, or all that fit a filter. */
import type { LetterFilterQuery } from '../../../../src/contract/dead-letters.ts';
import { call } from '../../api/call.ts';
import { createBulk, oneOf } from '../../components/bulk/bulk.ts';
import type { Outcome } from '../../components/bulk/bulk-run.ts';
import { openOf } from './letter-search.ts';

export interface Note {
  readonly note?: string;
  readonly by?: string;
}

export interface Order {
  readonly verb: 'requeue' | 'archive';
  /** In words: `20 dead letters of send-invoices`. */
  readonly what: string;
  readonly target:
    | { readonly ids: readonly string[] }
    | { readonly filter: LetterFilterQuery; readonly total: number | undefined };
  readonly note?: Note;
}

type Part = { readonly id: string } | { readonly filter: LetterFilterQuery; readonly cursor?: string };

export const letterBulk = createBulk<Order, Part>({
  place: 'myelin.bulk.dead-letters',
  partsOf: ({ target }) =>
    'ids' in target ? target.ids.map((id) => ({ id })) : openOf(target.filter).map((filter) => ({ filter })),
  act: (part, { order }) => ('id' in part ? one(order, part.id) : page(order, part)),
  tags: ['Dead letters', 'Executions'],
});

const one = ({ verb, note }: Order, id: string): Promise<Outcome<Part>> =>
  oneOf(id, () =>
    verb === 'requeue'
      ? call('requeueDeadLetter', { params: { id }, body: {} })
      : call('archiveDeadLetter', { params: { id }, body: note ?? {} }),
  );

/** The server takes a page at a time, and says where to go on. */
async function page({ verb, note }: Order, part: Extract<Part, { filter: unknown }>): Promise<Outcome<Part>> {
  const { nextCursor, ...counts } =
    verb === 'requeue'
      ? await call('requeueDeadLetters', { body: part })
      : await call('archiveDeadLetters', { body: { ...part, ...note } });
  return { ...counts, ...(nextCursor !== null && { rest: { ...part, cursor: nextCursor } }) };
}
