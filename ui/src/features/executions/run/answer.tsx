/** The form of an approval, as the inbox has it: whoever looks at the run decides with the same fields as there. */
import { useState } from 'react';
import type { Approval } from '../../../../../src/contract/approvals.ts';
import { useApi } from '../../../api/query.ts';
import { DecisionForm } from '../../../components/approval/decision-form.tsx';
import { besideForm, formOf, isCall } from '../../../components/approval/form-data.ts';
import { ShownData } from '../../../components/approval/shown-data.tsx';
import type { Late } from '../../../components/approval/use-decision.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { forgetDraft } from '../../../components/draft.ts';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';

interface AnswerProps {
  readonly id: string;
  readonly title: string;
  /** It is decided, by whomever. */
  readonly onDecided: () => void;
  readonly close: () => void;
}

export default function Answer({ id, title, onDecided, close }: AnswerProps) {
  const approval = useApi('getApproval', { params: { id } });
  const [late, setLate] = useState<Late>();
  const decided = () => {
    forgetDraft(`approval.${id}`);
    onDecided();
    close();
  };
  return (
    <Dialog
      open
      onClose={late === undefined ? close : decided}
      title={title}
      description={approval.data?.description ?? undefined}
      actions={late && <Button onClick={decided}>Close</Button>}
    >
      {late !== undefined ? (
        <TooLate late={late} />
      ) : approval.data ? (
        <Form approval={approval.data} onDecided={decided} onLate={setLate} />
      ) : approval.error ? (
        <ProblemNote error={approval.error} retry={() => void approval.refetch()} />
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly approval: Approval;
  readonly onDecided: () => void;
  readonly onLate: (late: Late) => void;
}

function Form({ approval, onDecided, onLate }: FormProps) {
  const heading = isCall(approval.path)
    ? 'What the agent asks for; edit it before you approve'
    : (formOf(approval)?.title ?? 'To fill in');
  return (
    <div className="flex flex-col gap-4">
      <ShownData data={besideForm(approval)} />
      <DecisionForm approval={approval} heading={heading} onDecided={onDecided} onLate={onLate} />
    </div>
  );
}

/** What was typed can still be read, and copied. */
function TooLate({ late }: { readonly late: Late }) {
  return (
    <div role="alert" className="flex flex-col gap-2">
      <p>It was closed before you decided. Yours ({late.choice}) does not count.</p>
      {late.comment !== '' && <p className="whitespace-pre-wrap break-words">Your comment: {late.comment}</p>}
      <ShownData data={late.data} />
    </div>
  );
}
