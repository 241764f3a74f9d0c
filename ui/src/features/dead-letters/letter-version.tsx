/** Said where the workflow was mended since: a requeued execution does not take the new version. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { DeadLetter } from '../../../../src/contract/dead-letters.ts';
import { useAction } from '../../api/query.ts';
import { NewerVersion } from '../../components/newer-version.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { isOpen } from './letter-actions.tsx';

export function LetterVersion({ letter }: { readonly letter: DeadLetter }) {
  const { source, workflowId, workflowName, version, originalEvent } = letter;
  const navigate = useNavigate();
  const [fault, setFault] = useState<Error>();
  const execute = useAction('executeWorkflow', {
    failed: setFault,
    done: (answer) => {
      if ('executionId' in answer) void navigate({ to: '/executions/$id', params: { id: answer.executionId } });
    },
  });
  if (source !== 'execution' || workflowId === null || workflowName === null || version === null) return null;
  if (!isOpen(letter)) return null;
  return (
    <>
      <NewerVersion
        workflowId={workflowId}
        version={version}
        busy={execute.isPending}
        runAgain={() => execute.mutate({ params: { id: workflowId }, body: { input: originalEvent } })}
      />
      {fault && <ProblemNote error={fault} />}
    </>
  );
}
