/** What can be done with the letters that are chosen, or else with all that fit the filters. */
import { Archive, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { letterBulk, type Order } from './bulk.ts';
import { filterOf, type LetterSearch } from './letter-search.ts';
import { NoteDialog } from './note-dialog.tsx';

interface ManyBarProps {
  readonly search: LetterSearch;
  readonly ids: readonly string[];
  readonly shown: number;
  readonly hasMore: boolean;
  readonly clear: () => void;
}

const MOST_GROUPS = 200;

export function ManyBar({ search, ids, shown, hasMore, clear }: ManyBarProps) {
  const [archiving, setArchiving] = useState(false);
  const isBusy = letterBulk.use()?.state === 'working';
  const filter = filterOf(search);
  const groups = useApi(
    'listDeadLetterGroups',
    { query: { ...filter, limit: MOST_GROUPS } },
    { keep: true, enabled: hasMore },
  );
  // Groups beyond the largest are not counted: then nobody says how many there are.
  const counted = groups.data?.items ?? [];
  const sum = counted.length < MOST_GROUPS ? counted.reduce((total, { count }) => total + count, 0) : undefined;
  const total = hasMore ? sum : shown;
  const words = (count: number) => `${count.toLocaleString()} ${count === 1 ? 'dead letter' : 'dead letters'}`;
  const order: Omit<Order, 'verb'> =
    ids.length > 0
      ? { what: words(ids.length), target: { ids } }
      : { what: total === undefined ? 'all that fit' : words(total), target: { filter, total } };
  const start = (verb: Order['verb'], note?: Order['note']) => {
    letterBulk.start({ verb, ...order, ...(note && { note }) });
    clear();
  };
  const isDone = search.status === 'RETRIED' || search.status === 'ARCHIVED';
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-1.5 md:px-6">
      <span className="mr-auto text-muted tabular-nums">
        {ids.length > 0
          ? `${ids.length.toLocaleString()} chosen`
          : `${total?.toLocaleString() ?? `${shown} and more`} in all`}
        {ids.length > 0 && (
          <button type="button" className="ml-2 text-accent hover:underline" onClick={clear}>
            Choose none
          </button>
        )}
      </span>
      <Confirm
        title={`Try ${order.what} again?`}
        description="Each execution goes on from where it failed; what has completed is kept."
        confirm="Try again"
        danger={false}
        run={() => start('requeue')}
      >
        {(ask) => (
          <Button
            operation="requeueDeadLetters"
            icon={<RotateCcw size={14} />}
            disabled={isBusy || isDone}
            onClick={ask}
          >
            {ids.length > 0 ? 'Requeue' : 'Requeue all'}
          </Button>
        )}
      </Confirm>
      <Button
        operation="archiveDeadLetters"
        kind="quiet"
        icon={<Archive size={14} />}
        disabled={isBusy || search.status === 'ARCHIVED'}
        onClick={() => setArchiving(true)}
      >
        {ids.length > 0 ? 'Archive' : 'Archive all'}
      </Button>
      {archiving && (
        <NoteDialog
          title={`Archive ${order.what}`}
          description="They are put away and not tried again."
          confirm="Archive"
          onClose={() => setArchiving(false)}
          run={(note) => start('archive', note)}
        />
      )}
    </div>
  );
}
