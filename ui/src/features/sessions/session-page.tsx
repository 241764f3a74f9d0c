/** A conversation: what was said, thought, called and paid; what the agent knew at any point; what it says just now. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { SessionEventAnswer } from '../../../../src/contract/sessions.ts';
import { useAction, useApi, useApiPages } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Status } from '../../components/status.tsx';
import { turnsOf } from './conversation.ts';
import { LiveText } from './live-text.tsx';
import { SessionState } from './session-state.tsx';
import { TurnView } from './turn.tsx';

const route = getRouteApi('/sessions/$id');
const PAGE = 500;
/** Of so many of the newest events one is of the execution that speaks last. */
const NEWEST = 50;

export default function SessionPage() {
  const { id } = route.useParams();
  const { at } = route.useSearch();
  const navigate = useNavigate();
  const session = useApi('getSession', { params: { id } });
  const end = useAction('endSession');
  const remove = useAction('deleteSession', { done: () => void navigate({ to: '/sessions' }) });
  const choose = (seq: number | undefined) =>
    void navigate({
      to: '/sessions/$id',
      params: { id },
      search: seq === undefined ? {} : { at: String(seq) },
      replace: true,
    });
  if (session.error && !session.data)
    return (
      <Page title="Session">
        <ProblemNote error={session.error} retry={() => void session.refetch()} />
      </Page>
    );
  if (!session.data) return <Loading />;
  const { key, status, seq } = session.data;
  const actions = (
    <>
      {status === 'active' && (
        <Confirm
          title="End this session?"
          description="No caller can add to it any more. An execution that goes on with it opens it again."
          confirm="End it"
          run={() => end.mutate({ params: { id }, body: {} })}
        >
          {(ask) => <Button onClick={ask}>End the session</Button>}
        </Confirm>
      )}
      <Confirm
        title="Delete this session?"
        description="All that was said in it is gone for good. Executions keep their own histories, and the books what was spent."
        confirm="Delete it"
        run={() => remove.mutate({ params: { id } })}
      >
        {(ask) => <Button onClick={ask}>Delete</Button>}
      </Confirm>
    </>
  );
  return (
    <Page title={key} mark={<Status status={status} />} actions={actions} full>
      <div className="grid h-full min-h-0 grid-rows-[minmax(0,1fr)_minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_26rem] lg:grid-rows-1">
        <Conversation id={id} seq={seq} chosen={at === undefined ? undefined : Number(at)} choose={choose} />
        <SessionState
          session={session.data}
          at={at === undefined ? undefined : Number(at)}
          last={seq}
          choose={choose}
        />
      </div>
    </Page>
  );
}

interface ConversationProps {
  readonly id: string;
  /** Of the last event. */
  readonly seq: number;
  readonly chosen: number | undefined;
  readonly choose: (seq: number | undefined) => void;
}

function Conversation({ id, seq, chosen, choose }: ConversationProps) {
  const events = useApiPages('listSessionEvents', { params: { id }, query: { limit: PAGE } }, 'after');
  const items: readonly SessionEventAnswer[] = events.items;
  const turns = useMemo(() => turnsOf(items), [items]);
  // The end of a long conversation is not among the pages that are shown first.
  const newest = useApi(
    'listSessionEvents',
    { params: { id }, query: { after: Math.max(0, seq - NEWEST), limit: NEWEST } },
    { enabled: events.hasNextPage, keep: true },
  );
  const end = events.hasNextPage ? (newest.data?.items ?? []) : items;
  const last = end.findLast(({ executionId }) => executionId !== null)?.executionId;
  if (events.isPending) return <Loading />;
  return (
    <div className="min-h-0 overflow-auto px-2 py-3 md:px-4">
      <ol aria-label="Conversation" className="mx-auto flex max-w-3xl flex-col gap-1">
        {turns.map((turn) => (
          <TurnView
            key={`${turn.kind} ${turn.at} ${turn.seq}`}
            turn={turn}
            isChosen={turn.seq === chosen}
            choose={() => choose(turn.seq)}
          />
        ))}
        {last && <LiveText executionId={last} />}
      </ol>
      {events.hasNextPage && (
        <Button className="mx-auto mt-3" busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  );
}
