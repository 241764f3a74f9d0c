/** Begins a conversation with a workflow, under a key; what is said first is written on its page. */
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { useAction } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Empty } from '../../components/empty.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { newKey } from '../../components/new-key.ts';
import { usePerson } from '../../components/person.ts';
import { ProblemNote } from '../../components/problem.tsx';
import { useTalkers } from './talkers.ts';

export function NewConversation({ close }: { readonly close: () => void }) {
  const { talkers, isPending, error } = useTalkers();
  const navigate = useNavigate();
  const form = useId();
  const [person] = usePerson();
  const [key, setKey] = useState(() => `chat-${newKey().slice(0, 8)}`);
  const [user, setUser] = useState(person);
  const [chosen, setChosen] = useState('');
  const [fault, setFault] = useState<Error>();
  const talker = talkers.find(({ id }) => id === chosen) ?? talkers[0];
  const start = useAction('startSession', {
    failed: setFault,
    done: ({ id }) =>
      void navigate({ to: '/sessions/$id', params: { id }, search: talker === undefined ? {} : { with: talker.id } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (talker === undefined) return;
    start.mutate({ body: { key: key.trim(), agent: talker.name, ...(user.trim() && { userId: user.trim() }) } });
  };
  const actions = (
    <>
      <Button onClick={close}>Cancel</Button>
      <Button kind="primary" type="submit" form={form} disabled={!talker || key.trim() === ''} busy={start.isPending}>
        Begin
      </Button>
    </>
  );
  return (
    <Dialog open onClose={close} title="New conversation" actions={talker && actions}>
      {error && <ProblemNote error={error} />}
      {isPending && <Loading />}
      {!isPending && !talker && !error && (
        <Empty
          title="No workflow to talk to"
          action={
            <Link to="/templates" className="text-accent hover:underline">
              To the templates
            </Link>
          }
        >
          It takes an active workflow with an agent whose prompt and session come from what it is started with, such as{' '}
          {'{{ $trigger.message }}'} and {'{{ $trigger.session }}'}. The template assistant is one.
        </Empty>
      )}
      {talker && (
        <form id={form} onSubmit={submit} className="flex flex-col gap-3">
          <Field label="With the workflow">
            {(ids) => (
              <Select
                {...ids}
                value={talker.id}
                onChange={(event) => setChosen(event.target.value)}
                options={talkers.map(({ id, name }) => ({ value: id, label: name }))}
              />
            )}
          </Field>
          <Field label="Key of the session" hint="By it the agent knows the conversation again.">
            {(ids) => <Input {...ids} value={key} onChange={(event) => setKey(event.target.value)} />}
          </Field>
          <Field label="Your name">
            {(ids) => <Input {...ids} value={user} onChange={(event) => setUser(event.target.value)} />}
          </Field>
          {fault && <ProblemNote error={fault} />}
        </form>
      )}
    </Dialog>
  );
}
