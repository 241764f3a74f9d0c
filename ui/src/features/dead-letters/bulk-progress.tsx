/** How far the work on many letters is, and how many of them have failed again since. */
import { Link } from '@tanstack/react-router';
import { useApi } from '../../api/query.ts';
import type { Progress } from '../../components/bulk/bulk.ts';
import { BulkProgress, type OrderWords } from '../../components/bulk/bulk-progress.tsx';
import { letterBulk, type Order } from './bulk.ts';

/** More than these are counted by their causes. */
const COUNTED = 200;

export const LetterProgress = () => (
  <BulkProgress
    bulk={letterBulk}
    label="Work on many dead letters"
    wordsOf={wordsOf}
    linkTo={(id) => (
      <Link to="/dead-letters/$id" params={{ id }} className="font-mono text-accent text-xs hover:underline">
        {id.slice(-12)}
      </Link>
    )}
  >
    {(progress) => progress.order.verb === 'requeue' && progress.done > 0 && <FailedAgain progress={progress} />}
  </BulkProgress>
);

function wordsOf({ verb, what, target }: Order): OrderWords {
  const total = 'ids' in target ? target.ids.length : target.total;
  const refused = 'In doubt, led on by other ways, or without a workflow to start';
  return verb === 'requeue'
    ? { total, what, working: `Trying ${what} again`, ended: `Tried ${what} again`, done: 'tried again', refused }
    : { total, what, working: `Archiving ${what}`, ended: `Archived ${what}`, done: 'archived', refused };
}

const sumOf = (groups: readonly { readonly count: number }[] = []): number =>
  groups.reduce((sum, { count }) => sum + count, 0);

/** A letter that fails again is new again: that is how one sees whether it helped. */
function FailedAgain({ progress: { order, startedAt } }: { readonly progress: Progress<Order> }) {
  const { target } = order;
  const workflow = 'filter' in target ? target.filter.workflow : undefined;
  const query = { status: 'NEW' as const, from: startedAt, limit: COUNTED, ...(workflow && { workflow }) };
  const letters = useApi('listDeadLetters', { query });
  const items = letters.data?.items ?? [];
  const groups = useApi('listDeadLetterGroups', { query }, { enabled: items.length >= COUNTED });
  const again = items.filter(({ id, retries }) => ('ids' in target ? target.ids.includes(id) : retries > 0)).length;
  if (letters.data === undefined) return null;
  if (again === 0) return <span className="text-muted">none has failed again so far</span>;
  const many = again < COUNTED ? again : Math.max(again, sumOf(groups.data?.items));
  return (
    <Link
      to="/dead-letters"
      search={{ view: 'list', ...(workflow && { workflow }) }}
      className="text-bad tabular-nums hover:underline"
    >
      {many.toLocaleString()} failed again
    </Link>
  );
}
