/** Where it failed, how often, and what has become of it. */

import { Link } from '@tanstack/react-router';
import type { DeadLetter } from '../../../../src/contract/dead-letters.ts';
import { useApi } from '../../api/query.ts';
import { Fact } from '../../components/facts.tsx';
import { Ago } from '../../components/time.tsx';
import { isOpen } from './letter-actions.tsx';

const LINK = 'text-accent hover:underline';

export function LetterFacts({ letter }: { readonly letter: DeadLetter }) {
  const { source, workflowId, workflowName, version, triggerId, executionId, path, attempts, retriedAs } = letter;
  const { createdAt, failedAt, reviewedBy, reviewedAt, notes, retries } = letter;
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      <Fact name="Workflow">
        {workflowId !== null && workflowName !== null ? (
          <Link to="/workflows/$id" params={{ id: workflowId }} className={LINK}>
            {workflowName}
            {version !== null && ` v${version}`}
          </Link>
        ) : (
          <span className="text-muted">{workflowId === null ? 'none: a message to anybody' : 'deleted'}</span>
        )}
      </Fact>
      {triggerId !== null && <Fact name="Started by">{triggerId}</Fact>}
      {executionId !== null && (
        <Fact name="Where">
          <Link
            to="/executions/$id"
            params={{ id: executionId }}
            search={path === null ? {} : { node: path }}
            className={`${LINK} [overflow-wrap:anywhere]`}
          >
            {path === null ? 'its execution as a whole' : `node ${path} of its execution`}
          </Link>
        </Fact>
      )}
      <Fact name={source === 'message' ? 'Deliveries' : 'Attempts'}>
        {attempts === 0 ? 'none: it failed by decision' : attempts}
      </Fact>
      <Fact name="Failed">
        <Ago at={failedAt} />
        {createdAt !== failedAt && (
          <span className="text-muted">
            , the first time <Ago at={createdAt} />
          </span>
        )}
      </Fact>
      <Fact name="Tried again">
        {retries === 0 ? 'not yet' : `${retries} ${retries === 1 ? 'time' : 'times'}`}
        <Next letter={letter} />
      </Fact>
      {retriedAs !== null && (
        <Fact name="Goes on as">
          <Link to="/executions/$id" params={{ id: retriedAs }} className={`${LINK} [overflow-wrap:anywhere]`}>
            execution {retriedAs}
          </Link>
        </Fact>
      )}
      {reviewedAt !== null && (
        <Fact name={HELD[letter.status] ?? 'Was in hand'}>
          {reviewedBy ?? 'somebody'}, <Ago at={reviewedAt} />
        </Fact>
      )}
      {notes !== null && (
        <Fact name="Note">
          <span className="whitespace-pre-wrap break-words">{notes}</span>
        </Fact>
      )}
      <SameCause letter={letter} />
    </dl>
  );
}

const HELD: Readonly<Record<string, string>> = { REVIEWED: 'In hand', ARCHIVED: 'Archived by' };

/** What happens without a person. */
function Next({ letter }: { readonly letter: DeadLetter }) {
  const { retryAt, automatic, source, status } = letter;
  if (!isOpen(letter)) return null;
  const text = status === 'REVIEWED' ? 'no rule tries it: it is in hand' : 'no rule tries it; it waits for a person';
  if (retryAt !== null) {
    return (
      <span className="text-muted">
        , by rule <Ago at={retryAt} />
      </span>
    );
  }
  return (
    <span className="text-muted">
      , {automatic || source === 'message' ? text : 'by no rule, since it might do harm twice'}
    </span>
  );
}

function SameCause({ letter: { fingerprint, workflowId, workflowName } }: { readonly letter: DeadLetter }) {
  const workflow = workflowName ?? workflowId ?? undefined;
  const query = {
    fingerprint,
    status: 'NEW' as const,
    limit: 50,
    ...(workflowId !== null && { workflow: workflowId }),
  };
  const groups = useApi('listDeadLetterGroups', { query });
  const group = groups.data?.items.find((one) => one.workflowId === workflowId);
  if (group === undefined || group.count < 2) return null;
  return (
    <Fact name="Same cause">
      <Link
        to="/dead-letters"
        search={{ view: 'list', fingerprint, ...(workflow && { workflow }) }}
        className="text-accent hover:underline"
      >
        {group.count.toLocaleString()} new letters
      </Link>
    </Fact>
  );
}
