/** What started it; edited, it starts a new execution in the place of the old one. What is typed is kept until it is sent. */
import { Pencil } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { DeadLetter } from '../../../../src/contract/dead-letters.ts';
import { useAction } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { useDraft } from '../../components/draft.ts';
import { JsonView } from '../../components/json-view.tsx';
import { Loading } from '../../components/loading.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { toast } from '../../components/toast.tsx';
import { isOpen } from './letter-actions.tsx';

const CodeEditor = lazy(() => import('../../components/code-editor.tsx'));

/** Of a message the payload is its data; all else around it stays. */
function editableOf({ source, originalEvent }: DeadLetter): unknown {
  if (source !== 'message') return originalEvent;
  return (originalEvent as { readonly data?: unknown } | null)?.data ?? null;
}

export function LetterPayload({ letter }: { readonly letter: DeadLetter }) {
  const draft = useDraft<string | undefined>(`dead-letter.${letter.id}`, undefined);
  const [open, setOpen] = useState(draft.isTyped);
  const isMessage = letter.source === 'message';
  const canEdit = isOpen(letter) && (isMessage || letter.workflowName !== null);
  const isEditing = open && canEdit;
  const actions = canEdit && !isEditing && (
    <Button operation="requeueDeadLetter" icon={<Pencil size={14} />} onClick={() => setOpen(true)}>
      Edit and requeue
    </Button>
  );
  return (
    <Panel title={isMessage ? 'The message' : 'What started it'} actions={actions}>
      {isEditing ? (
        <Edit letter={letter} draft={draft} close={() => setOpen(false)} />
      ) : (
        <JsonView value={letter.originalEvent} />
      )}
    </Panel>
  );
}

interface EditProps {
  readonly letter: DeadLetter;
  readonly draft: ReturnType<typeof useDraft<string | undefined>>;
  readonly close: () => void;
}

function Edit({ letter, draft, close }: EditProps) {
  const original = useMemo(() => JSON.stringify(editableOf(letter), null, 2), [letter.originalEvent]);
  const text = draft.value ?? original;
  const parsed = useMemo(() => parse(text), [text]);
  const [problem, setProblem] = useState<Error>();
  const isMessage = letter.source === 'message';
  const requeue = useAction('requeueDeadLetter', {
    done: ({ retriedAs }) => {
      draft.clear();
      close();
      toast({
        tone: 'ok',
        title: retriedAs === null ? 'It is tried again with this.' : 'A new execution has started with this.',
      });
    },
    failed: setProblem,
  });
  const send = () => {
    if (!('value' in parsed)) return;
    setProblem(undefined);
    requeue.mutate({ params: { id: letter.id }, body: { payload: parsed.value } });
  };
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        {isMessage
          ? 'This is the data of the message. Edited, it is another message, with /edited after its id.'
          : 'A new execution of the present version starts with this, from the beginning; the old one stays as it is.'}
      </p>
      <div className="h-80 overflow-hidden rounded-md border border-line bg-ground">
        <Suspense fallback={<Loading />}>
          <CodeEditor
            label="Payload as JSON"
            language="json"
            value={text}
            onChange={(next) => (next === original ? draft.clear() : draft.set(next))}
          />
        </Suspense>
      </div>
      {'fault' in parsed && (
        <p role="status" className="text-bad text-xs">
          This is no JSON yet: {parsed.fault}
        </p>
      )}
      {problem && <ProblemNote error={problem} />}
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" disabled={'fault' in parsed} busy={requeue.isPending} onClick={send}>
          Requeue with this
        </Button>
        <Button onClick={close}>Close</Button>
        {draft.isTyped && (
          <Button kind="quiet" onClick={draft.clear}>
            Undo all changes
          </Button>
        )}
      </div>
    </div>
  );
}

function parse(text: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
