/** What happened: the log of messages, live; who listens to what; what was replayed; and the webhooks sent to others. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { History, Send } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { ListenersView } from './listeners-view.tsx';
import { LogView } from './log-view.tsx';
import { MessageFilters } from './message-filters.tsx';
import { ReplaysView } from './replays-view.tsx';
import { RunningReplays } from './running-replays.tsx';
import { SentFilters } from './sent-filters.tsx';
import { SentView } from './sent-view.tsx';

const SendDialog = lazy(() => import('./send-dialog.tsx'));
const ReplayDialog = lazy(() => import('./replay-dialog.tsx'));

const route = getRouteApi('/messages');

const TABS = [
  { id: 'log', label: 'Log' },
  { id: 'listeners', label: 'Who listens' },
  { id: 'replays', label: 'Replays' },
  { id: 'sent', label: 'Sent webhooks' },
] as const;

export default function MessagesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'send' | 'replay'>();
  const view = TABS.find(({ id }) => id === search.view)?.id ?? 'log';
  const change = (part: Partial<typeof search>) =>
    void navigate({ to: '/messages', search: { ...search, ...part }, replace: true });
  const close = () => setDialog(undefined);
  // What is sent and replayed by these are messages, no webhooks.
  const actions = view !== 'sent' && (
    <>
      <Button icon={<History size={14} />} onClick={() => setDialog('replay')}>
        Replay…
      </Button>
      <Button kind="primary" icon={<Send size={14} />} onClick={() => setDialog('send')}>
        Send…
      </Button>
    </>
  );
  const bar = (
    <>
      <Tabs label="View" tabs={TABS} value={view} onChange={(next) => change({ view: next, open: '' })} />
      {view === 'log' && <MessageFilters search={search} change={change} />}
      {view === 'sent' && <SentFilters search={search} change={change} />}
    </>
  );
  return (
    <Page title="Messages" actions={actions} bar={bar} full>
      <div className="flex h-full min-h-0 flex-col">
        {(view === 'log' || view === 'listeners') && <RunningReplays />}
        <div className="min-h-0 flex-1">
          {view === 'log' && <LogView search={search} change={change} send={() => setDialog('send')} />}
          {view === 'listeners' && <ListenersView />}
          {view === 'replays' && <ReplaysView replay={() => setDialog('replay')} />}
          {view === 'sent' && <SentView search={search} change={change} />}
        </div>
      </div>
      <Suspense>
        {dialog === 'send' && <SendDialog onClose={close} />}
        {dialog === 'replay' && <ReplayDialog search={search} onClose={close} />}
      </Suspense>
    </Page>
  );
}
