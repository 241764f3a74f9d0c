/** Prompts by name, in versions: edit one, see what is new, make an older one the active one. */
import { MessageSquareText, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction, useApi, useApiAll } from '../../api/query.ts';
import { useRefusal } from '../../api/role.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { useDraft } from '../../components/draft.ts';
import { Empty } from '../../components/empty.tsx';
import { Field, Input, Select, TextArea } from '../../components/field.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { exact } from '../../components/time.tsx';
import { toast } from '../../components/toast.tsx';

const NEW = '';

export default function Prompts() {
  const prompts = useApiAll('listPrompts');
  const [asked, setChosen] = useState<string>();
  const chosen = asked ?? prompts.data?.items[0]?.name;
  return (
    <Loaded
      query={prompts}
      isEmpty={({ items }) => items.length === 0 && chosen === undefined}
      empty={<NoPrompts begin={() => setChosen(NEW)} />}
    >
      {({ items }) => (
        <div className="grid gap-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
          <div className="flex flex-col gap-1">
            <Button operation="savePrompt" icon={<Plus size={14} />} onClick={() => setChosen(NEW)}>
              New prompt
            </Button>
            {items.map(({ name, version }) => (
              <button
                key={name}
                type="button"
                aria-pressed={chosen === name}
                onClick={() => setChosen(name)}
                className="flex items-center justify-between rounded-md px-2 py-1.5 text-left hover:bg-hover aria-pressed:bg-hover aria-pressed:font-medium"
              >
                <span className="truncate">{name}</span>
                <span className="text-faint text-xs">v{version}</span>
              </button>
            ))}
          </div>
          {chosen === NEW && <Editor key="new" name={NEW} version={0} text="" saved={setChosen} />}
          {chosen !== undefined && chosen !== NEW && (
            <Prompt key={chosen} name={chosen} gone={() => setChosen(undefined)} saved={setChosen} />
          )}
        </div>
      )}
    </Loaded>
  );
}

const NoPrompts = ({ begin }: { readonly begin: () => void }) => (
  <Empty
    icon={<MessageSquareText size={20} />}
    title="No prompt is kept here yet"
    action={
      <Button operation="savePrompt" kind="primary" onClick={begin}>
        Write one
      </Button>
    }
  >
    Agents that name a prompt take its active version, so that its words change without a new version of the workflow.
  </Empty>
);

interface PromptProps {
  readonly name: string;
  readonly gone: () => void;
  readonly saved: (name: string) => void;
}

function Prompt({ name, gone, saved }: PromptProps) {
  const [version, setVersion] = useState<number>();
  const prompt = useApi(
    'getPrompt',
    { params: { name }, query: { ...(version !== undefined && { version }) } },
    { keep: true },
  );
  const activate = useAction('activatePrompt');
  const remove = useAction('deletePrompt', { done: gone });
  return (
    <Loaded query={prompt} isEmpty={() => false} empty={null}>
      {({ text, version: shown, active, versions }) => (
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap items-center gap-2">
            <Select
              aria-label="Version"
              value={String(shown)}
              onChange={(event) => setVersion(Number(event.target.value))}
              options={versions.map((one) => ({
                value: String(one.version),
                label: `v${one.version}${one.version === active ? ', active' : ''}, ${exact(one.createdAt)}${one.note ? `: ${one.note}` : ''}`,
              }))}
            />
            {shown !== active && (
              <Button
                operation="activatePrompt"
                busy={activate.isPending}
                onClick={() => activate.mutate({ params: { name }, body: { version: shown } })}
              >
                Make v{shown} the active one
              </Button>
            )}
            <Confirm
              title={`Delete ${name}?`}
              description="With all its versions. Agents that name it use their own text again, or fail."
              confirm="Delete it"
              run={() => remove.mutate({ params: { name } })}
            >
              {(ask) => (
                <Button operation="deletePrompt" kind="danger" onClick={ask}>
                  Delete
                </Button>
              )}
            </Confirm>
          </div>
          <Editor
            key={shown}
            name={name}
            version={shown}
            text={text}
            saved={(of) => {
              // The new version is the active one, whichever it was made from.
              setVersion(undefined);
              saved(of);
            }}
          />
        </div>
      )}
    </Loaded>
  );
}

interface EditorProps {
  readonly name: string;
  /** That it begins from; 0: none. Each has a draft of its own. */
  readonly version: number;
  readonly text: string;
  readonly saved: (name: string) => void;
}

/** What is typed is kept in this browser until it is saved. */
function Editor({ name, version, text, saved }: EditorProps) {
  const [title, setTitle] = useState(name);
  const draft = useDraft(`prompt.${name}.${version}`, text);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<Error>();
  const isRead = useRefusal()('savePrompt') !== undefined;
  const save = useAction('savePrompt', {
    done: ({ version: made }, { params }) => {
      draft.clear();
      toast({ tone: 'ok', title: `Version ${made} of ${params?.name ?? title} is saved and active` });
      setProblem(undefined);
      saved(params?.name ?? title);
    },
    failed: setProblem,
  });
  const submit = () =>
    save.mutate({ params: { name: title }, body: { text: draft.value, ...(note !== '' && { note }) } });
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRead) submit();
      }}
    >
      {name === NEW && (
        <Field label="Name" hint="Lower-case letters, digits, ., _ and -">
          {(ids) => <Input {...ids} required value={title} onChange={(event) => setTitle(event.target.value)} />}
        </Field>
      )}
      <Field label="Text" hint="A template: {{ }} holds expressions, as in the config of a node">
        {(ids) => (
          <TextArea
            {...ids}
            required
            readOnly={isRead}
            rows={14}
            className="font-mono text-xs"
            value={draft.value}
            onChange={(event) => draft.set(event.target.value)}
          />
        )}
      </Field>
      {!isRead && (
        <Field label="What is new (optional)">
          {(ids) => <Input {...ids} value={note} onChange={(event) => setNote(event.target.value)} />}
        </Field>
      )}
      {problem && <ProblemNote error={problem} />}
      <Button
        operation="savePrompt"
        type="submit"
        kind="primary"
        className="self-start"
        busy={save.isPending}
        disabled={draft.value === text && name !== NEW}
      >
        Save a new version
      </Button>
    </form>
  );
}
