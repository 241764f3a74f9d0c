/** What happened: the log of messages, live; who listens, what was replayed and must look like what; and webhooks sent to others. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { History, Plus, Send } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { later } from '../../components/early.tsx';
import { Page } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { ListenersView } from './listeners-view.tsx';
import { LogView } from './log-view.tsx';
import { MessageFilters } from './message-filters.tsx';
import { ReplaysView } from './replays-view.tsx';
import { RunningReplays } from './running-replays.tsx';
import { SentFilters } from './sent-filters.tsx';
import { SentView } from './sent-view.tsx';
import { TABS, viewOf } from './views.ts';

const SendDialog = lazy(() => import('./send-dialog.tsx'));
const ReplayDialog = lazy(() => import('./replay-dialog.tsx'));
const SchemasView = later(() => import('./schemas/schemas-view.tsx'));
const SchemaDialog = lazy(() => import('./schemas/schema-dialog.tsx'));

const route = getRouteApi('/messages');

export default function MessagesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'send' | 'replay' | 'schema'>();
  const view = viewOf(search);
  const change = (part: Partial<typeof search>) =>
    void navigate({ to: '/messages', search: { ...search, ...part }, replace: true });
  const close = () => setDialog(undefined);
  const isOfSchemas = view === 'schemas';
  // What is sent and replayed by these are messages, no webhooks.
  const actions = view !== 'sent' && (
    <>
      {!isOfSchemas && (
        <Button operation="startReplay" icon={<History size={14} />} onClick={() => setDialog('replay')}>
          Replay…
        </Button>
      )}
      <Button
        operation="sendEvents"
        kind={isOfSchemas ? 'plain' : 'primary'}
        icon={<Send size={14} />}
        onClick={() => setDialog('send')}
      >
        Send…
      </Button>
      {isOfSchemas && (
        <Button operation="putEventSchema" kind="primary" icon={<Plus size={14} />} onClick={() => setDialog('schema')}>
          New schema
        </Button>
      )}
    </>
  );
  const bar = (
    <>
      <Tabs
        label="View"
        tabs={TABS}
        value={view}
        onChange={(next) => change({ view: next, open: '', schema: '', version: '' })}
      />
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
          {isOfSchemas && <SchemasView search={search} change={change} write={() => setDialog('schema')} />}
        </div>
      </div>
      <Suspense>
        {dialog === 'send' && <SendDialog onClose={close} />}
        {dialog === 'replay' && <ReplayDialog search={search} onClose={close} />}
        {dialog === 'schema' && <SchemaDialog saved={(schema) => change({ schema, version: '' })} onClose={close} />}
      </Suspense>
    </Page>
  );
}
