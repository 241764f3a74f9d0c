/** Approve or reject right here, where nothing has to be filled in; whoever must, follows the link beside. */
import { useState } from 'react';
import { useAction, useApi } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import { Confirm } from '../../../components/dialog.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { useReadAgain } from './reading.ts';
import { useRun } from './view.tsx';

export function DecideButtons({ id }: { readonly id: string }) {
  const { execution } = useRun();
  const readAgain = useReadAgain(execution.id);
  const me = useApi('getSignIn');
  const [fault, setFault] = useState<Error>();
  const decide = useAction('decideApproval', { done: readAgain, failed: setFault });
  const by = me.data?.name ?? '';
  const run = (decision: 'approved' | 'rejected') => () => {
    setFault(undefined);
    decide.mutate({ params: { id }, body: { decision, by } });
  };
  return (
    <>
      <Confirm
        title="Approve?"
        description={`It counts as decided by ${by}, and cannot be taken back.`}
        confirm="Approve"
        danger={false}
        run={run('approved')}
      >
        {(ask) => (
          <Button className="h-7! px-2! text-xs" onClick={ask} busy={decide.isPending}>
            Approve
          </Button>
        )}
      </Confirm>
      <Confirm
        title="Reject?"
        description={`It counts as decided by ${by}, and cannot be taken back.`}
        confirm="Reject"
        run={run('rejected')}
      >
        {(ask) => (
          <Button kind="danger" className="h-7! px-2! text-xs" onClick={ask} busy={decide.isPending}>
            Reject
          </Button>
        )}
      </Confirm>
      {fault && (
        <div className="basis-full">
          <ProblemNote error={fault} />
        </div>
      )}
    </>
  );
}
