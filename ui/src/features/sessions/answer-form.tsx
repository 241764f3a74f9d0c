/** A person answers in the place of the agent: what they write is its answer, under their name. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Session } from '../../../../src/contract/sessions.ts';
import { ApiProblem } from '../../api/problem.ts';
import { refresh, useAction } from '../../api/query.ts';
import { useDraft } from '../../components/draft.ts';
import { Input } from '../../components/field.tsx';
import { usePerson } from '../../components/person.ts';
import { ProblemNote } from '../../components/problem.tsx';
import { SendBox } from './send-box.tsx';

interface AnswerFormProps {
  readonly session: Session;
  /** An execution answers at this moment. */
  readonly isAnswering: boolean;
}

export function AnswerForm({ session: { id, agent, seq }, isAnswering }: AnswerFormProps) {
  const [person, setPerson] = usePerson();
  const text = useDraft(`session.${id}.answer`, '');
  const [fault, setFault] = useState<Error>();
  const [isNameless, setNameless] = useState(false);
  const client = useQueryClient();
  const append = useAction('appendSessionEvents', {
    done: () => text.clear(),
    failed: (problem) => {
      setFault(inWords(problem));
      // What others have written comes in sight, and the next answer goes behind it.
      void refresh(client, ['Sessions']);
    },
  });
  const send = () => {
    const content = text.value.trim();
    const by = person.trim();
    setFault(undefined);
    setNameless(by === '');
    if (content === '' || by === '') return;
    // Of its number there is one event only.
    const data = { responseId: `answer-${seq + 1}`, content, contentType: 'text' as const };
    const events = [{ type: 'agent.response.generated' as const, data }];
    append.mutate({ params: { id }, body: { expectedSeq: seq, by, events } });
  };
  return (
    <>
      {fault && <ProblemNote error={fault} />}
      <SendBox
        label={`Answer in the place of ${agent}`}
        placeholder={`What ${agent} should say`}
        text={text.value}
        type={text.set}
        send={send}
        verb="Answer"
        busy={append.isPending}
      >
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">
          <span className="flex items-center gap-2">
            as
            <Input
              autoComplete="name"
              aria-label="Your name"
              placeholder="Your name"
              maxLength={200}
              value={person}
              onChange={(event) => setPerson(event.target.value)}
              aria-invalid={(isNameless && person.trim() === '') || undefined}
              className="h-7! w-36!"
            />
          </span>
          <span>
            {isNameless && person.trim() === '' ? (
              <span role="alert" className="text-bad">
                Your name first: it stands above the answer.
              </span>
            ) : (
              `${agent} takes it for its own when it is asked the next time. Text only, no files.`
            )}
          </span>
        </div>
        {isAnswering && (
          <p role="status" className="text-warn text-xs">
            {agent} is answering just now: yours will stand beside its own.
          </p>
        )}
      </SendBox>
    </>
  );
}

function inWords(problem: Error): Error {
  if (!(problem instanceof ApiProblem) || problem.code !== 'session_conflict') return problem;
  return new Error('Meanwhile something else was said. Read it above, and answer again if yours still fits.');
}
