/** Failures of the same cause as one row, the most frequent first; what helps one of them mostly helps all. */
import { Link } from '@tanstack/react-router';
import { Archive, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { DeadLetterGroup } from '../../../../src/contract/dead-letters.ts';
import { useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Badge } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import { letterBulk } from './bulk.ts';
import { CATEGORY_WORDS } from './categories.ts';
import { filterOf, groupsRequest, type LetterSearch } from './letter-search.ts';
import { NoLetters } from './no-letters.tsx';
import { NoteDialog } from './note-dialog.tsx';

export function GroupsView({ search }: { readonly search: LetterSearch }) {
  const groups = useApi('listDeadLetterGroups', groupsRequest(search), { keep: true });
  if (groups.error && groups.data === undefined) {
    return (
      <div className="p-6">
        <ProblemNote error={groups.error} retry={() => void groups.refetch()} />
      </div>
    );
  }
  if (groups.data === undefined) return <Loading />;
  const { items } = groups.data;
  if (items.length === 0) return <NoLetters search={search} />;
  return (
    <ul aria-label="Causes" className="h-full overflow-auto">
      {items.map((group) => (
        <li key={`${group.workflowId} ${group.fingerprint}`}>
          <Row group={group} search={search} />
        </li>
      ))}
    </ul>
  );
}

interface RowProps {
  readonly group: DeadLetterGroup;
  readonly search: LetterSearch;
}

function Row({ group, search }: RowProps) {
  const { workflowId, workflowName, fingerprint, count, new: fresh, firstSeen, lastSeen, sample } = group;
  const name = workflowName ?? (workflowId === null ? 'messages' : 'a deleted workflow');
  // By id where there is no name: the API knows its letters by that.
  const workflow = workflowName ?? workflowId ?? undefined;
  const inside = { ...search, view: 'list', fingerprint, ...(workflow && { workflow }) };
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2 border-line border-b px-4 py-3 hover:bg-hover md:flex-nowrap md:px-6">
      <Link
        to="/dead-letters"
        search={inside}
        className="flex min-w-0 flex-1 basis-full items-center gap-4 rounded-sm md:basis-0"
      >
        <span className="w-10 shrink-0 text-right font-medium text-lg tabular-nums" title={`${count} failures`}>
          {count.toLocaleString()}
        </span>
        <span className="flex min-w-0 flex-1 flex-col gap-0.5">
          <span className="line-clamp-2 break-words" title={sample.error.message}>
            {sample.error.message}
          </span>
          <span className="flex flex-wrap items-baseline gap-x-2 text-muted text-xs">
            <span className="text-text">{name}</span>
            {sample.path && <span className="font-mono">{sample.path}</span>}
            <Badge>{CATEGORY_WORDS[sample.category].name}</Badge>
            {sample.error.code !== sample.category && <span>{sample.error.code}</span>}
            <span>
              first <Ago at={firstSeen} />, last <Ago at={lastSeen} />
            </span>
            {fresh < count && <span>{fresh} new</span>}
          </span>
        </span>
      </Link>
      <Actions group={group} search={search} name={name} />
    </div>
  );
}

function Actions({ group, search, name }: RowProps & { readonly name: string }) {
  const { workflowId, fingerprint } = group;
  // Of any status, the others have been tried again already or put away: no work on many takes them.
  const count = filterOf(search).status === undefined ? group.new + group.reviewed : group.count;
  const [archiving, setArchiving] = useState(false);
  const isBusy = letterBulk.use()?.state === 'working';
  const isDone = count === 0 || search.status === 'RETRIED' || search.status === 'ARCHIVED';
  const letters = count === 1 ? 'dead letter' : 'dead letters';
  const order = {
    what: `${count.toLocaleString()} ${letters} of ${name}`,
    target: {
      filter: { ...filterOf(search), fingerprint, ...(workflowId && { workflow: workflowId }) },
      total: count,
    },
  };
  return (
    <span className="ml-auto flex shrink-0 gap-2">
      <Confirm
        title={`Try ${count === 1 ? 'it' : `all ${count.toLocaleString()}`} again?`}
        description="Each execution goes on from where it failed; what has completed is kept. An effect that is in doubt is left out."
        confirm="Try again"
        danger={false}
        run={() => letterBulk.start({ verb: 'requeue', ...order })}
      >
        {(ask) => (
          <Button
            operation="requeueDeadLetters"
            icon={<RotateCcw size={14} />}
            disabled={isBusy || isDone}
            onClick={ask}
            aria-label={`Requeue ${order.what}: ${group.sample.error.message}`}
          >
            Requeue{count > 1 && ' all'}
          </Button>
        )}
      </Confirm>
      <Button
        operation="archiveDeadLetters"
        kind="quiet"
        icon={<Archive size={14} />}
        disabled={isBusy || count === 0 || search.status === 'ARCHIVED'}
        onClick={() => setArchiving(true)}
        aria-label={`Archive ${order.what}: ${group.sample.error.message}`}
      >
        Archive
      </Button>
      {archiving && (
        <NoteDialog
          title={`Archive ${order.what}`}
          description="They are put away and not tried again. Others of the same cause that come later are new."
          confirm="Archive"
          onClose={() => setArchiving(false)}
          run={(note) => letterBulk.start({ verb: 'archive', ...order, note })}
        />
      )}
    </span>
  );
}
