/** What can be done with the executions that are chosen, or with all that fit the filters. */
import { RotateCcw, Square, X } from 'lucide-react';
import type { ExecutionSummary } from '../../../../src/contract/executions.ts';
import { useApi } from '../../api/query.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { executionBulk, type Order } from './bulk.ts';
import { countWords, isAble, statusesFor } from './choice.ts';
import { type ExecutionSearch, queryOf } from './execution-search.ts';

interface ChoiceBarProps {
  readonly search: ExecutionSearch;
  /** Those that are chosen, where not all are. */
  readonly rows: readonly ExecutionSummary[];
  readonly isAll: boolean;
  /** All that are shown are chosen, and there are others. */
  readonly canTakeAll: boolean;
  readonly takeAll: () => void;
  readonly clear: () => void;
}

/** The server counts no further. */
const MOST = 10_000;

export function ChoiceBar({ search, rows, isAll, canTakeAll, takeAll, clear }: ChoiceBarProps) {
  const { status, ...filter } = queryOf(search);
  const statuses = Array.isArray(status) ? status : undefined;
  const all = useApi(
    'countExecutions',
    { query: { ...queryOf(search), limit: MOST } },
    { enabled: canTakeAll || isAll },
  );
  return (
    <div
      role="toolbar"
      aria-label="The chosen executions"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-t bg-panel px-4 py-2 md:px-6"
    >
      <span className="mr-auto tabular-nums" role="status">
        {isAll ? `All ${all.data ? countWords(all.data) : ''} that fit are chosen` : `${rows.length} chosen`}
        {canTakeAll && !isAll && (
          <button type="button" className="ml-3 text-accent hover:underline" onClick={takeAll}>
            Choose all {all.data && `${countWords(all.data)} `}that fit
          </button>
        )}
      </span>
      {(['retry', 'cancel'] as const).map((verb) =>
        isAll ? (
          <OfAll key={verb} verb={verb} filter={filter} statuses={statusesFor(verb, statuses)} clear={clear} />
        ) : (
          <Act
            key={verb}
            verb={verb}
            count={String(ableOf(verb, rows).length)}
            target={{ ids: ableOf(verb, rows).map(({ id }) => id) }}
            clear={clear}
          />
        ),
      )}
      <IconButton label="Choose none" onClick={clear}>
        <X size={14} />
      </IconButton>
    </div>
  );
}

const ableOf = (verb: Order['verb'], rows: readonly ExecutionSummary[]) => rows.filter((row) => isAble(verb, row));

interface OfAllProps {
  readonly verb: Order['verb'];
  readonly filter: Omit<ReturnType<typeof queryOf>, 'status'>;
  readonly statuses: ReturnType<typeof statusesFor>;
  readonly clear: () => void;
}

function OfAll({ verb, filter, statuses, clear }: OfAllProps) {
  const query = { ...filter, status: [...statuses] };
  const able = useApi('countExecutions', { query: { ...query, limit: MOST } }, { enabled: statuses.length > 0 });
  const counted = statuses.length === 0 ? { count: 0, whole: true } : able.data;
  const total = counted?.whole ? counted.count : undefined;
  const isNone = counted === undefined || (counted.count === 0 && counted.whole);
  return (
    <Act
      verb={verb}
      count={counted ? countWords(counted) : ''}
      target={isNone ? { ids: [] } : { filter: query, total }}
      clear={clear}
    />
  );
}

interface ActProps {
  readonly verb: Order['verb'];
  readonly count: string;
  readonly target: Order['target'];
  readonly clear: () => void;
}

function Act({ verb, count, target, clear }: ActProps) {
  const isBusy = executionBulk.use()?.state === 'working';
  const isNone = 'ids' in target && target.ids.length === 0;
  const what = `${count} ${count === '1' ? 'execution' : 'executions'}`;
  const isRetry = verb === 'retry';
  return (
    <Confirm
      title={`${isRetry ? 'Retry' : 'Cancel'} ${what}?`}
      description={
        isRetry
          ? 'Each goes on from what failed; every result before that is kept. An effect that is in doubt is left out.'
          : 'What is at work is stopped, and what waits is called off. They cannot go on afterwards.'
      }
      confirm={isRetry ? 'Retry' : 'Cancel them'}
      danger={!isRetry}
      run={() => {
        executionBulk.start({ verb, what, target });
        clear();
      }}
    >
      {(ask) => (
        <Button
          operation={isRetry ? 'retryExecutions' : 'cancelExecutions'}
          kind={isRetry ? 'plain' : 'danger'}
          icon={isRetry ? <RotateCcw size={14} /> : <Square size={13} />}
          disabled={isBusy || isNone}
          onClick={ask}
        >
          {isRetry ? 'Retry' : 'Cancel'} {count}
        </Button>
      )}
    </Confirm>
  );
}
