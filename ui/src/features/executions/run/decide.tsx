/** Approve or reject right here, where nothing has to be filled in. */
import { useState } from 'react';
import { useAction } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { useWho } from '../../../components/who.ts';
import { WhoFields } from '../../../components/who-fields.tsx';
import { useReadAgain } from './reading.ts';
import { useRun } from './view.tsx';

type Choice = 'approved' | 'rejected';

interface DecideButtonsProps {
  readonly id: string;
  /** null: anybody is. */
  readonly assignees: readonly string[] | null;
}

export function DecideButtons({ id, assignees }: DecideButtonsProps) {
  const { execution } = useRun();
  const readAgain = useReadAgain(execution.id);
  const who = useWho(assignees);
  const [asking, setAsking] = useState<Choice>();
  const [isChecked, setChecked] = useState(false);
  const [fault, setFault] = useState<Error>();
  const decide = useAction('decideApproval', { done: readAgain, failed: setFault });
  const ask = (choice: Choice) => {
    setChecked(false);
    setAsking(choice);
  };
  const send = (decision: Choice) => {
    setChecked(true);
    if (who.fault !== undefined) return;
    setAsking(undefined);
    setFault(undefined);
    const as = who.as === '' ? {} : { as: who.as };
    decide.mutate({ params: { id }, body: { decision, by: who.name.trim(), ...as } });
  };
  return (
    <>
      <Button
        operation="decideApproval"
        className="h-7! px-2! text-xs"
        onClick={() => ask('approved')}
        busy={decide.isPending}
      >
        Approve
      </Button>
      <Button
        operation="decideApproval"
        kind="danger"
        className="h-7! px-2! text-xs"
        onClick={() => ask('rejected')}
        busy={decide.isPending}
      >
        Reject
      </Button>
      {asking !== undefined && (
        <Dialog
          open
          onClose={() => setAsking(undefined)}
          title={asking === 'approved' ? 'Approve?' : 'Reject?'}
          description="It cannot be taken back."
          actions={
            <>
              <Button onClick={() => setAsking(undefined)}>Not yet</Button>
              <Button kind={asking === 'approved' ? 'primary' : 'danger'} onClick={() => send(asking)}>
                {asking === 'approved' ? 'Approve' : 'Reject'}
              </Button>
            </>
          }
        >
          <form
            onSubmit={(event) => {
              event.preventDefault();
              send(asking);
            }}
          >
            <WhoFields who={who} isChecked={isChecked} />
            <button type="submit" hidden />
          </form>
        </Dialog>
      )}
      {fault && (
        <div className="basis-full">
          <ProblemNote error={fault} />
        </div>
      )}
    </>
  );
}
