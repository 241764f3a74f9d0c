/** Where a person writes in a conversation: to its workflow, or in the place of its agent. */
import { Link } from '@tanstack/react-router';
import { type RefObject, useState } from 'react';
import type { Session } from '../../../../src/contract/sessions.ts';
import { useApi } from '../../api/query.ts';
import { useRefusal } from '../../api/role.ts';
import { Tabs } from '../../components/tabs.tsx';
import { AnswerForm } from './answer-form.tsx';
import { MessageForm } from './message-form.tsx';
import { partOf, talkOf } from './talk.ts';

interface ComposerProps {
  readonly session: Session;
  /** Id of the workflow; absent: that of the execution which spoke last. */
  readonly workflow: string | undefined;
  readonly speaker: string | undefined;
  /** Where files may be dropped. */
  readonly area: RefObject<HTMLElement | null>;
  /** An execution answers. */
  readonly begun: (execution: string) => void;
}

export function Composer({ session, workflow, speaker, area, begun }: ComposerProps) {
  const mayNotAnswer = useRefusal()('appendSessionEvents');
  const mayNotAsk = useRefusal()('executeWorkflow');
  const spoke = useApi(
    'getExecution',
    { params: { id: speaker ?? '' }, query: { values: 'omit' } },
    { enabled: speaker !== undefined },
  );
  const id = workflow ?? spoke.data?.workflowId;
  const found = useApi('getWorkflow', { params: { id: id ?? '' } }, { enabled: id !== undefined });
  const [place, setPlace] = useState<'workflow' | 'agent'>('workflow');
  const talk = found.data && talkOf(found.data.definition);
  const mayAnswer = session.status === 'active' && mayNotAnswer === undefined;
  const why = whyNot();
  const isAnswer = mayAnswer && place === 'agent';
  return (
    <div className="border-line border-t px-4 py-3 md:px-6">
      <div className="mx-auto flex max-w-3xl flex-col gap-2">
        {mayAnswer && (
          <Tabs
            label="How to write"
            tabs={[
              { id: 'workflow', label: found.data ? `To ${found.data.name}` : 'To the workflow' },
              { id: 'agent', label: 'In place of the agent' },
            ]}
            value={place}
            onChange={setPlace}
          />
        )}
        {!isAnswer && <Trouble {...(spoke.data && { execution: spoke.data })} />}
        {isAnswer && <AnswerForm session={session} isAnswering={spoke.data?.status === 'running'} />}
        {why !== undefined && !isAnswer && <p className="text-muted text-xs">{why}</p>}
        {why === undefined && talk && found.data && (
          <MessageForm
            session={session}
            workflow={found.data}
            talk={talk}
            area={area}
            isShown={!isAnswer}
            begun={begun}
          />
        )}
      </div>
    </div>
  );

  function whyNot(): string | undefined {
    if (mayNotAsk !== undefined) return `You can read here, not write. ${mayNotAsk}`;
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

interface TroubleProps {
  readonly execution?: {
    readonly id: string;
    readonly error: { readonly message: string } | null;
    readonly waitingFor: readonly { readonly reason: string }[];
  };
}

/** What keeps the execution that was asked last from answering. */
function Trouble({ execution }: TroubleProps) {
  if (execution?.error)
    return (
      <p role="status" className="text-bad text-xs">
        {execution.error.message}{' '}
        <Link to="/executions/$id" params={{ id: execution.id }} className="underline">
          To the execution
        </Link>
      </p>
    );
  if (!execution?.waitingFor.some(({ reason }) => reason === 'approval')) return null;
  return (
    <p role="status" className="text-warn text-xs">
      It waits for an approval.{' '}
      <Link to="/approvals" className="underline">
        To the approvals
      </Link>
    </p>
  );
}
