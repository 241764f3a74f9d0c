/** A conversation: what was said, thought, called and paid; what the agent knew at any point; what it says just now. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Session } from '../../../../src/contract/sessions.ts';
import { useAction, useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Status } from '../../components/status.tsx';
import { Composer } from './composer.tsx';
import { ConversationView } from './conversation-view.tsx';
import { EventPages } from './event-pages.ts';
import { readEvents, sessionRequest } from './first-reading.ts';
import { pageOf } from './page-of.ts';
import { SessionState } from './session-state.tsx';

const route = getRouteApi('/sessions/$id');

export default function SessionPage() {
  const { id } = route.useParams();
  const session = useApi('getSession', sessionRequest(id));
  if (session.error && !session.data)
    return (
      <Page title="Session">
        <ProblemNote error={session.error} retry={() => void session.refetch()} />
      </Page>
    );
  // By its key it is found too, and its id is what it has for good.
  return session.data ? <One key={session.data.id} session={session.data} /> : <Loading />;
}

function One({ session }: { readonly session: Session }) {
  const { id, key, status, seq } = session;
  const { at: text, with: workflow } = route.useSearch();
  const [begun, setBegun] = useState<string>();
  const area = useRef<HTMLDivElement>(null);
  const at = numberOf(text);
  const navigate = useNavigate();
  const pages = usePages(session);
  const spoke = useSpeaker(pages);
  const end = useAction('endSession');
  const remove = useAction('deleteSession', { done: () => void navigate({ to: '/sessions' }) });
  const choose = (seq: number | undefined) =>
    void navigate({
      to: '/sessions/$id',
      params: { id },
      search: { ...(workflow && { with: workflow }), ...(seq !== undefined && { at: String(seq) }) },
      replace: true,
    });
  const actions = (
    <>
      {status === 'active' && (
        <Confirm
          title="End this session?"
          description="No caller can add to it any more. An execution that goes on with it opens it again."
          confirm="End it"
          run={() => end.mutate({ params: { id }, body: {} })}
        >
          {(ask) => (
            <Button operation="endSession" onClick={ask}>
              End the session
            </Button>
          )}
        </Confirm>
      )}
      <Confirm
        title="Delete this session?"
        description="All that was said in it is gone for good. Executions keep their own histories, and the books what was spent."
        confirm="Delete it"
        run={() => remove.mutate({ params: { id } })}
      >
        {(ask) => (
          <Button operation="deleteSession" onClick={ask}>
            Delete
          </Button>
        )}
      </Confirm>
    </>
  );
  return (
    <Page title={key} mark={<Status status={status} />} actions={actions} full>
      <div className="grid h-full min-h-0 grid-rows-[minmax(0,3fr)_minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_26rem] lg:grid-rows-1">
        <div ref={area} className="relative flex min-h-0 flex-col">
          <ConversationView pages={pages} chosen={at} choose={choose} speaker={begun ?? spoke} />
          <Composer session={session} workflow={workflow} speaker={begun ?? spoke} area={area} begun={setBegun} />
        </div>
        <SessionState session={session} at={at} last={seq} choose={choose} />
      </div>
    </Page>
  );
}

/** Those of the session, which grow with it. */
function usePages({ id, seq }: Session): EventPages {
  const pages = useMemo(() => new EventPages((after, limit) => readEvents(id, after, limit)), [id]);
  useEffect(() => pages.grow(seq), [pages, seq]);
  return pages;
}

/** The execution that spoke last; the last page may be a short one. */
function useSpeaker(pages: EventPages): string | undefined {
  useSyncExternalStore(
    (changed) => pages.listen(changed),
    () => pages.version,
  );
  const end = pageOf(pages.last);
  const newest = [...(pages.page(end - 1) ?? []), ...(pages.page(end) ?? [])];
  return newest.findLast(({ executionId }) => executionId !== null)?.executionId ?? undefined;
}

/** What an address says may be anything. */
const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
