/** How often it failed and was tried again, and by what: from the history of its execution, read when it is opened. */
import { useState } from 'react';
import type { DeadLetter } from '../../../../src/contract/dead-letters.ts';
import { useApiPages } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Ago, exact } from '../../components/time.tsx';
import { stationsOf } from './stations.ts';

interface LetterHistoryProps {
  readonly letter: DeadLetter;
  readonly executionId: string;
}

export function LetterHistory(props: LetterHistoryProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="rounded-lg border border-line bg-panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="px-4 py-2 font-medium">Failures and retries</summary>
      {open && (
        <div className="px-4 pb-4">
          <Stations {...props} />
        </div>
      )}
    </details>
  );
}

function Stations({ letter: { id, path }, executionId }: LetterHistoryProps) {
  const history = useApiPages('listExecutionEvents', { params: { id: executionId }, query: { limit: 1_000 } }, 'after');
  if (history.error && history.items.length === 0) {
    return <ProblemNote error={history.error} retry={() => void history.refetch()} />;
  }
  if (history.isPending) return <Loading />;
  const stations = stationsOf(history.items, path);
  return (
    <div className="flex flex-col gap-3">
      <ol aria-label="Failures and retries" className="flex flex-col gap-1.5">
        {stations.map(({ seq, at, what, message, isBad }) => (
          <li key={seq} className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3">
            <span className="text-faint" title={exact(at)}>
              <Ago at={at} />
            </span>
            <span className="min-w-0 break-words">
              <span className={isBad ? 'text-bad' : ''}>{what}</span>
              {message && <span className="text-muted"> {message}</span>}
            </span>
          </li>
        ))}
      </ol>
      {stations.length === 0 && <p className="text-muted">Nothing of it among the events that were read.</p>}
      {history.hasNextPage && (
        <Button
          kind="quiet"
          className="self-start"
          busy={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
          data-letter={id}
        >
          Read on
        </Button>
      )}
    </div>
  );
}
