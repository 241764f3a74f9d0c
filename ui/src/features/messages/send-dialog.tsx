/** Sends a message, as others do by POST /api/events. What is typed is kept until it was sent. */
import { Send } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useAction } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useDraft } from '../../components/draft.ts';
import { Field, Input } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { toast } from '../../components/toast.tsx';

const CodeEditor = lazy(() => import('../../components/code-editor.tsx'));

const FIRST = { type: 'order.placed', key: '', topic: '', data: '{\n  "order": 1\n}' };
const FORM = 'send-message';

export default function SendDialog({ onClose }: { readonly onClose: () => void }) {
  const draft = useDraft('message', FIRST);
  const { type, key, topic, data } = { ...FIRST, ...draft.value };
  const [fault, setFault] = useState<string>();
  const send = useAction('sendEvents', {
    done: ({ ids }) => {
      toast({ tone: 'ok', title: `${type} is durable, as ${ids[0]}` });
      onClose();
    },
    // It stands in the dialog.
    failed: () => undefined,
  });
  const change = (part: Partial<typeof FIRST>) => {
    draft.set({ type, key, topic, data, ...part });
    setFault(undefined);
  };
  const submit = () => {
    const parsed = parse(data);
    if (parsed.fault !== undefined) return setFault(parsed.fault);
    const body = {
      type: type.trim(), // Any JSON; the type of the contract cannot say so beside extensions.
      data: parsed.value as never,
      ...(key && { key }),
      ...(topic && { topic }),
    };
    send.mutate({ body });
  };
  const word = (name: 'key' | 'topic', label: string, hint: string, value: string) => (
    <Field label={label} hint={hint}>
      {(ids) => <Input {...ids} value={value} onChange={(event) => change({ [name]: event.target.value })} />}
    </Field>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Send a message"
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" form={FORM} kind="primary" icon={<Send size={14} />} busy={send.isPending}>
            Send
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label="Type" hint="Words with points between them, such as order.placed">
          {(ids) => <Input {...ids} required value={type} onChange={(event) => change({ type: event.target.value })} />}
        </Field>
        <div className="grid grid-cols-2 gap-3">
          {word('key', 'Key (optional)', 'Messages of one key stay in order', key)}
          {word('topic', 'Topic (optional)', 'For listeners that name one', topic)}
        </div>
        <div className="flex flex-col gap-1">
          <span className="font-medium text-muted text-xs">Data</span>
          <div className="h-44 rounded-md border border-line">
            <Suspense fallback={<Loading />}>
              <CodeEditor label="Data" language="json" value={data} onChange={(text) => change({ data: text })} />
            </Suspense>
          </div>
          {fault && <p className="text-bad text-xs">{fault}</p>}
        </div>
        {send.error && <ProblemNote error={send.error} />}
      </form>
    </Dialog>
  );
}

function parse(text: string): { readonly value?: unknown; readonly fault?: string } {
  if (text.trim() === '') return {};
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: `The data is no JSON: ${(error as Error).message}` };
  }
}
