/** Messages: send one, and see which workflows hear what. */
import { Link } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useAction, useApiAll } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';

const CodeEditor = lazy(() => import('../../components/code-editor.tsx'));

const DRAFT = 'myelin.draft.message';
const FIRST = { type: 'order.placed', key: '', data: '{\n  "order": 1\n}' };

function readDraft(): typeof FIRST {
  try {
    return { ...FIRST, ...JSON.parse(localStorage.getItem(DRAFT) ?? '{}') };
  } catch {
    return FIRST;
  }
}

export default function MessagesPage() {
  return (
    <Page title="Messages">
      <div className="grid gap-4 lg:grid-cols-2">
        <SendMessage />
        <Listeners />
      </div>
    </Page>
  );
}

function SendMessage() {
  const [draft, setDraft] = useState(readDraft);
  const [fault, setFault] = useState<string>();
  const [sent, setSent] = useState<string>();
  const send = useAction('sendEvents', { done: ({ ids }) => setSent(ids[0]), failed: () => setSent(undefined) });
  const change = (part: Partial<typeof FIRST>) => {
    const next = { ...draft, ...part };
    localStorage.setItem(DRAFT, JSON.stringify(next));
    setDraft(next);
    setFault(undefined);
  };
  const submit = () => {
    let data: unknown;
    try {
      data = draft.data.trim() === '' ? undefined : JSON.parse(draft.data);
    } catch (error) {
      return setFault(`The data is no JSON: ${(error as Error).message}`);
    }
    // The type that extensions have in the schema (text, number, boolean) covers `data` too, which may be anything.
    send.mutate({ body: { type: draft.type, data: data as never, ...(draft.key !== '' && { key: draft.key }) } });
  };
  return (
    <Panel title="Send a message">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label="Type" hint="Words with points between them, such as order.placed">
          {(ids) => (
            <Input {...ids} required value={draft.type} onChange={(event) => change({ type: event.target.value })} />
          )}
        </Field>
        <Field label="Key (optional)" hint="Messages of one key are delivered in order">
          {(ids) => <Input {...ids} value={draft.key} onChange={(event) => change({ key: event.target.value })} />}
        </Field>
        <div className="h-44 rounded-md border border-line">
          <Suspense fallback={<Loading />}>
            <CodeEditor label="Data" language="json" value={draft.data} onChange={(data) => change({ data })} />
          </Suspense>
        </div>
        {fault && <p className="text-bad text-xs">{fault}</p>}
        {send.error && <ProblemNote error={send.error} />}
        {sent && (
          <p role="status" className="text-ok">
            It is durable, as {sent}.
          </p>
        )}
        <Button type="submit" kind="primary" className="self-start" icon={<Send size={14} />} busy={send.isPending}>
          Send
        </Button>
      </form>
    </Panel>
  );
}

function Listeners() {
  const triggers = useApiAll('listProjectTriggers');
  const listeners = triggers.data?.items.filter(({ type }) => type === 'event') ?? [];
  return (
    <Panel title="Who listens">
      {listeners.length === 0 ? (
        <p className="text-muted">
          No workflow has an event trigger yet. One of type <code>event</code> with a pattern such as{' '}
          <code>order.*</code> starts an execution for each message that fits.
        </p>
      ) : (
        <ul className="flex flex-col gap-2">
          {listeners.map(({ id, workflowId, workflowName, config, active }) => (
            <li key={id} className="flex items-center gap-3">
              <code className="font-mono text-xs">{String(config.type ?? '*')}</code>
              <Link to="/workflows/$id" params={{ id: workflowId }} className="truncate text-accent hover:underline">
                {workflowName}
              </Link>
              {!active && <span className="text-faint text-xs">not active</span>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
