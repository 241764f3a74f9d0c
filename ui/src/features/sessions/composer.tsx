/** A person writes to the workflow of a conversation; what they type is kept until it is sent. */
import { Link } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import type { Session } from '../../../../src/contract/sessions.ts';
import { useAction, useApi } from '../../api/query.ts';
import { useRefusal } from '../../api/role.ts';
import { Button } from '../../components/button.tsx';
import { useDraft } from '../../components/draft.ts';
import { TextArea } from '../../components/field.tsx';
import { usePerson } from '../../components/person.ts';
import { ProblemNote } from '../../components/problem.tsx';
import { inputOf, partOf, talkOf } from './talk.ts';

const LONGEST = 20_000;

interface ComposerProps {
  readonly session: Session;
  /** Id of the workflow; absent: that of the execution which spoke last. */
  readonly workflow: string | undefined;
  readonly speaker: string | undefined;
  /** An execution answers. */
  readonly begun: (execution: string) => void;
}

export function Composer({ session, workflow, speaker, begun }: ComposerProps) {
  const spoke = useApi(
    'getExecution',
    { params: { id: speaker ?? '' }, query: { values: 'omit' } },
    { enabled: speaker !== undefined },
  );
  const id = workflow ?? spoke.data?.workflowId;
  const found = useApi('getWorkflow', { params: { id: id ?? '' } }, { enabled: id !== undefined });
  const [person] = usePerson();
  const text = useDraft(`session.${session.id}`, '');
  const [fault, setFault] = useState<Error>();
  const refusal = useRefusal()('executeWorkflow');
  const execute = useAction('executeWorkflow', {
    failed: setFault,
    done: (answer) => {
      text.clear();
      if ('executionId' in answer) begun(answer.executionId);
    },
  });
  const talk = found.data && talkOf(found.data.definition);
  const why = whyNot();
  if (why !== undefined) return <p className="border-line border-t px-6 py-2 text-muted text-xs">{why}</p>;
  if (talk === undefined || found.data === undefined) return null;
  const { name } = found.data;

  const send = () => {
    const message = text.value.trim();
    if (message === '' || execute.isPending) return;
    setFault(undefined);
    const input = inputOf(talk, { message, session: session.key, user: session.userId ?? (person || session.key) });
    execute.mutate({ params: { id: found.data.id }, body: { input } });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={submit} className="border-line border-t px-4 py-3 md:px-6">
      <div className="mx-auto flex max-w-3xl flex-col gap-2">
        {fault && <ProblemNote error={fault} />}
        {spoke.data?.error && (
          <p role="status" className="text-bad text-xs">
            {spoke.data.error.message}{' '}
            <Link to="/executions/$id" params={{ id: spoke.data.id }} className="underline">
              To the execution
            </Link>
          </p>
        )}
        {spoke.data?.waitingFor.some(({ reason }) => reason === 'approval') && (
          <p role="status" className="text-warn text-xs">
            It waits for an approval.{' '}
            <Link to="/approvals" className="underline">
              To the approvals
            </Link>
          </p>
        )}
        <div className="flex items-end gap-2">
          <TextArea
            aria-label={`Message to ${name}`}
            placeholder={`Message to ${name}; Shift+Enter begins a line`}
            rows={2}
            maxLength={LONGEST}
            value={text.value}
            onChange={(event) => text.set(event.target.value)}
            onKeyDown={press}
          />
          <Button type="submit" kind="primary" icon={<Send size={14} />} busy={execute.isPending}>
            Send
          </Button>
        </div>
      </div>
    </form>
  );

  function whyNot(): string | undefined {
    if (refusal !== undefined) return `You can read here, not write. ${refusal}`;
    if (id === undefined && speaker === undefined) return 'No workflow has answered here: there is nobody to write to.';
    if (found.error || spoke.error) return 'The workflow that has answered here is gone: there is nobody to write to.';
    if (found.data === undefined) return undefined;
    if (found.data.status !== 'active')
      return `The workflow ${found.data.name} is not active: activate it to write to it.`;
    if (talk === undefined)
      return `Nobody can write to ${found.data.name} here: its agent takes neither prompt nor session from what it is started with.`;
    return partOf(talk, session.key) === undefined ? `${found.data.name} makes other keys than this one.` : undefined;
  }
}
