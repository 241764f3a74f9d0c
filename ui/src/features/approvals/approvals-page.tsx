/** What waits for a person: a list, and beside it what is chosen of it. On a telephone one after the other. */
import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router';
import { ArrowLeft, CircleCheckBig } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Approval, ApprovalSummary } from '../../../../src/contract/approvals.ts';
import type { Decider } from '../../components/approval/decision-form.tsx';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { Permitted } from '../../components/permitted.tsx';
import { useMe } from '../../components/person.ts';
import { ProblemNote } from '../../components/problem.tsx';
import { Keys } from '../../components/tip.tsx';
import { toast } from '../../components/toast.tsx';
import { useWide } from '../../components/window-width.ts';
import { ApprovalView } from './approval-view.tsx';
import { InboxFilters } from './inbox-filters.tsx';
import { useInboxKeys } from './inbox-keys.ts';
import { InboxList } from './inbox-list.tsx';
import { nextAfter } from './order.ts';
import { useInbox } from './use-inbox.ts';
import { isMine } from './whose.ts';

const route = getRouteApi('/approvals');

export default function ApprovalsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const router = useRouter();
  const isWide = useWide();
  const decider = useRef<Decider>(null);
  const inbox = useInbox(search);
  const { items } = inbox;
  const { id, ...filters } = search;
  const me = useMe();
  const mine = isMine(search, me);
  const { status, assignee, workflow } = filters;
  const isFiltered = [status, assignee, workflow].some(Boolean);
  const choose = (next: string | undefined, replace = true) =>
    void navigate({ to: '/approvals', search: next === undefined ? filters : { ...filters, id: next }, replace });

  const first = inbox.isOld ? undefined : items[0]?.id;
  // Kept in the address, so that what is read does not change under the hand when the list does.
  useEffect(() => {
    if (isWide && id === undefined && first !== undefined) choose(first);
  }, [isWide, id, first]);

  const decided = ({ id: done, title, decision, executionId }: Approval) => {
    toast({
      tone: decision?.decision === 'rejected' ? 'neutral' : 'ok',
      title: `${decision?.decision === 'rejected' ? 'Rejected' : 'Approved'}: ${title}`,
      action: {
        label: 'Execution',
        run: () => void router.navigate({ to: '/executions/$id', params: { id: executionId } }),
      },
    });
    choose(nextAfter(items, done));
  };
  useInboxKeys({
    move: (step) => {
      const focused = document.activeElement?.closest<HTMLElement>('[data-approval]')?.dataset.approval;
      const at = items.findIndex((one) => one.id === (isWide ? id : focused));
      const next = items[at + step] ?? (at === -1 ? items[0] : undefined);
      if (next === undefined) return;
      if (isWide || id !== undefined) choose(next.id);
      if (focused !== undefined || (!isWide && id === undefined)) focusRow(next.id);
    },
    decide: (choice) => decider.current?.decide(choice),
    back: () => !isWide && id !== undefined && choose(undefined),
  });

  const isAlone = !isWide && id !== undefined;
  return (
    <Page
      title="Approvals"
      full
      actions={
        isAlone ? (
          <Button kind="quiet" icon={<ArrowLeft size={15} />} onClick={() => choose(undefined)}>
            All approvals
          </Button>
        ) : (
          <span className="hidden text-faint text-xs lg:inline">
            <Keys text="j" /> <Keys text="k" /> move
            <Permitted operation="decideApproval">
              {' '}
              <Keys text="y" /> approve <Keys text="n" /> reject
            </Permitted>
          </span>
        )
      }
      bar={isAlone ? undefined : <InboxFilters search={search} names={namesOf(items)} />}
    >
      <div className="grid h-full grid-rows-[minmax(0,1fr)] lg:grid-cols-[minmax(300px,380px)_minmax(0,1fr)]">
        {!isAlone && (
          <div className="min-h-0 border-line lg:border-r">
            {inbox.error && items.length === 0 ? (
              <div className="p-4">
                <ProblemNote error={inbox.error} retry={inbox.retry} />
              </div>
            ) : inbox.isPending ? (
              <Loading />
            ) : items.length === 0 ? (
              <Nothing
                isFiltered={isFiltered}
                of={mine ? me.name : undefined}
                showAll={() => void navigate({ to: '/approvals', search: { whose: 'all' }, replace: true })}
              />
            ) : (
              <InboxList items={items} chosen={id} search={filters} more={inbox.more} onEnd={inbox.onEnd} />
            )}
          </div>
        )}
        {(isWide || isAlone) && (
          <div className="min-h-0 overflow-auto">
            {id !== undefined && (
              <ApprovalView
                key={id}
                id={id}
                summary={items.find((one) => one.id === id)}
                decider={decider}
                onDecided={decided}
              />
            )}
          </div>
        )}
      </div>
    </Page>
  );
}

const namesOf = (items: readonly ApprovalSummary[]): readonly string[] =>
  [...new Set(items.flatMap(({ assignees }) => assignees ?? []))].toSorted();

/** The row may be drawn only after the list has scrolled to it. */
function focusRow(id: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-approval="${id}"]`)?.focus());
}

interface NothingProps {
  readonly isFiltered: boolean;
  /** Whose inbox it is: '' of somebody who has not said a name; undefined: of all. */
  readonly of: string | undefined;
  readonly showAll: () => void;
}

function Nothing({ isFiltered, of, showAll }: NothingProps) {
  if (isFiltered) {
    return (
      <Empty
        icon={<CircleCheckBig size={20} />}
        title="Nothing fits these filters"
        action={<Button onClick={showAll}>Show all that is open</Button>}
      />
    );
  }
  if (of !== undefined) {
    return (
      <div className="px-4">
        <Empty
          icon={<CircleCheckBig size={20} />}
          title={of === '' ? 'Nothing waits' : `Nothing waits for ${of}`}
          action={<Button onClick={showAll}>Show all that is open</Button>}
        >
          Mine is what asks your name, one of your groups, or nobody by name.
        </Empty>
      </div>
    );
  }
  return (
    <div className="px-4">
      <Empty
        icon={<CircleCheckBig size={20} />}
        title="Nobody is asked anything"
        action={
          <Permitted operation="createWorkflow">
            <Link to="/workflows/new" className="text-accent hover:underline">
              Make a workflow that asks
            </Link>
          </Permitted>
        }
      >
        When an execution comes to a node of type approval, or an agent wants to call a tool that must ask, it waits
        here for a decision.
      </Empty>
    </div>
  );
}
