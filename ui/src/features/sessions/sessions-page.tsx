/** Conversations with agents, and what the agents did by day; every filter stands in the address. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { MessageSquarePlus, Search } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { AgentFilters } from './agent-filters.tsx';
import { AgentsView } from './agents-view.tsx';
import { NewConversation } from './new-conversation.tsx';
import { RecallDialog } from './recall.tsx';
import { SessionFilters } from './session-filters.tsx';
import { type SessionSearch, TABS, viewOf } from './session-search.ts';
import { SessionsView } from './sessions-view.tsx';

const route = getRouteApi('/sessions');

export default function SessionsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [recalling, setRecalling] = useState(false);
  const [isBeginning, setBeginning] = useState(false);
  const view = viewOf(search);
  const change = (part: SessionSearch) =>
    void navigate({ to: '/sessions', search: { ...search, ...part }, replace: true });
  const actions = (
    <>
      <Button icon={<Search size={14} />} onClick={() => setRecalling(true)}>
        Search what was said
      </Button>
      <Button
        operation="startSession"
        kind="primary"
        icon={<MessageSquarePlus size={14} />}
        onClick={() => setBeginning(true)}
      >
        New conversation
      </Button>
    </>
  );
  const bar = (
    <>
      <Tabs label="View" tabs={TABS} value={view} onChange={(next) => change({ view: next })} />
      {view === 'sessions' ? (
        <SessionFilters search={search} change={change} />
      ) : (
        <AgentFilters search={search} change={change} />
      )}
    </>
  );
  return (
    <Page title="Sessions" actions={actions} bar={bar} full>
      {view === 'sessions' ? <SessionsView search={search} /> : <AgentsView search={search} change={change} />}
      {isBeginning && <NewConversation close={() => setBeginning(false)} />}
      {recalling && <RecallDialog close={() => setRecalling(false)} />}
    </Page>
  );
}
