/** With what an execution or a test begins: a form where the manual trigger says what it wants, else JSON. */
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { useDraft } from '../../../components/draft.ts';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import type { Definition } from '../../../graph/document.ts';
import { InputForm } from '../input-form.tsx';
import { inputSchemaOf } from '../input-schema.ts';

const CodeEditor = lazy(() => import('../../../components/code-editor.tsx'));

interface RunDialogProps {
  readonly title: string;
  readonly verb: string;
  /** Where what is typed is kept. */
  readonly draft: string;
  readonly definition: Definition;
  /** `$trigger` of the last run. */
  readonly last: unknown;
  /** What is said above it. */
  readonly note: string | undefined;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly run: (input: unknown) => void;
  readonly close: () => void;
}

/** What was typed: a value, or a text that is one or is to become one. */
interface Typed {
  readonly value?: unknown;
  readonly text?: string;
}

const print = (value: unknown): string => JSON.stringify(value, null, 2);

export function RunDialog(props: RunDialogProps) {
  const { title, verb, draft: place, definition, last = {}, note, busy, error, run, close } = props;
  const schema = inputSchemaOf(definition);
  const draft = useDraft<Typed>(place, { value: last });
  const { value, text = print(value) } = draft.value;
  const [view, setView] = useState<'form' | 'json'>(schema && draft.value.text === undefined ? 'form' : 'json');
  const [fault, setFault] = useState<string>();
  const [isUnread, setUnread] = useState(false);
  const isForm = view === 'form' && schema !== undefined;
  const start = () => {
    if (isForm) return isUnread ? undefined : run(value);
    try {
      run(JSON.parse(text.trim() === '' ? '{}' : text));
    } catch (problem) {
      setFault(`This is no JSON: ${(problem as Error).message}`);
    }
  };
  const turn = (next: 'form' | 'json') => {
    setView(next);
    if (next === 'json' || draft.value.text === undefined) return;
    try {
      draft.set({ value: JSON.parse(text) });
    } catch {
      // The form goes on from what it had.
      draft.set({ value });
    }
  };
  const actions = (
    <>
      {draft.isTyped && (
        <Button kind="quiet" className="mr-auto" onClick={draft.clear}>
          Drop what was typed
        </Button>
      )}
      <Button onClick={close}>Cancel</Button>
      <Button kind="primary" busy={busy} disabled={isForm && isUnread} onClick={start}>
        {verb}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={close} title={title} actions={actions}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        {note && <p className="text-muted text-xs">{note}</p>}
        {schema && (
          <Tabs
            label="How to write the input"
            value={view}
            onChange={turn}
            tabs={[
              { id: 'form', label: 'Form' },
              { id: 'json', label: 'JSON' },
            ]}
          />
        )}
        {isForm ? (
          <InputForm
            schema={schema}
            value={value}
            onChange={(next) => draft.set({ value: next })}
            onUnread={setUnread}
            error={error}
          />
        ) : (
          <div className="h-52 rounded-md border border-line">
            <Suspense fallback={<Loading />}>
              <CodeEditor
                label="Input as JSON"
                language="json"
                value={text}
                onChange={(next) => {
                  if (next !== text) draft.set({ value, text: next });
                  setFault(undefined);
                }}
              />
            </Suspense>
          </div>
        )}
        <p className="text-faint text-xs">
          Nodes read it as <code>$trigger</code>.
        </p>
        {fault && <p className="text-bad text-xs">{fault}</p>}
        {error && !isForm && <ProblemNote error={error} />}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
