/** What a person fills in, and the buttons that decide. What is typed is kept until it is decided. */
import { Check as CheckMark, Forward, X } from 'lucide-react';
import { type Ref, useImperativeHandle, useState } from 'react';
import type { Approval } from '../../../../src/contract/approvals.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Field, TextArea } from '../field.tsx';
import { ProblemNote } from '../problem.tsx';
import { SchemaForm } from '../schema-form.tsx';
import { WhoFields } from '../who-fields.tsx';
import { DelegateDialog } from './delegate-dialog.tsx';
import { formOf } from './form-data.ts';
import { ShownData } from './shown-data.tsx';
import { type Choice, type Late, useDecision } from './use-decision.ts';

export interface Decider {
  readonly decide: (choice: Choice) => void;
}

interface DecisionFormProps {
  readonly approval: Approval;
  /** Over the form. */
  readonly heading: string;
  readonly ref?: Ref<Decider>;
  readonly onDecided: (approval: Approval) => void;
  readonly onLate: (late: Late) => void;
}

export function DecisionForm({ approval, heading, ref, onDecided, onLate }: DecisionFormProps) {
  const form = formOf(approval);
  const decision = useDecision(approval, { onDecided, onLate });
  const { draft, who, faults, problem, isSending } = decision;
  const [asking, setAsking] = useState<Choice>();
  const [delegating, setDelegating] = useState(false);
  const begin = async (choice: Choice, sure: boolean) => {
    if (!(await decision.check(choice))) return;
    if (sure) decision.send(choice);
    else setAsking(choice);
  };
  useImperativeHandle(ref, () => ({
    // A form has more to it than a key: what is sent is shown once more.
    decide: (choice) => void begin(choice, form === null),
  }));
  const delegate = async () => {
    if (await decision.check('rejected')) setDelegating(true);
  };
  return (
    <>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => event.preventDefault()}
        data-decision-form={approval.id}
        noValidate
      >
        {form !== null && (
          <section className="flex flex-col gap-3 rounded-lg border border-line bg-panel p-4">
            <h3 className="font-medium">{heading}</h3>
            <SchemaForm
              schema={form}
              value={draft.value.data}
              faults={faults}
              onChange={(data) => draft.set({ ...draft.value, data })}
              onUnread={decision.setUnread}
            />
            {faults.get('') && <p className="text-bad text-xs">{faults.get('')}</p>}
          </section>
        )}
        <Field label="Comment (optional)">
          {(ids) => (
            <TextArea
              {...ids}
              rows={2}
              maxLength={10_000}
              value={draft.value.comment}
              onChange={(event) => draft.set({ ...draft.value, comment: event.target.value })}
            />
          )}
        </Field>
        <WhoFields who={who} isChecked={decision.isChecked} />
        {problem && <ProblemNote error={problem} />}
        <div className="sticky bottom-0 -mx-4 flex gap-2 border-line border-t bg-ground px-4 py-3 lg:static lg:mx-0 lg:border-0 lg:px-0 lg:py-0">
          <Button
            operation="decideApproval"
            kind="primary"
            className="h-11! flex-1 lg:h-8! lg:flex-none"
            icon={<CheckMark size={15} />}
            busy={isSending}
            onClick={() => void begin('approved', true)}
            aria-keyshortcuts="y"
          >
            Approve
          </Button>
          <Button
            operation="decideApproval"
            kind="danger"
            className="h-11! flex-1 lg:h-8! lg:flex-none"
            icon={<X size={15} />}
            busy={isSending}
            onClick={() => void begin('rejected', true)}
            aria-keyshortcuts="n"
          >
            Reject
          </Button>
          <Button
            operation="delegateApproval"
            className="h-11! lg:h-8!"
            icon={<Forward size={15} />}
            disabled={isSending}
            onClick={() => void delegate()}
          >
            Delegate
          </Button>
        </div>
      </form>
      <Dialog
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={asking === 'approved' ? 'Approve with this?' : 'Reject?'}
        description={approval.title}
        actions={
          <>
            <Button onClick={() => setAsking(undefined)}>Not yet</Button>
            <Button
              kind={asking === 'approved' ? 'primary' : 'danger'}
              autoFocus
              onClick={() => {
                setAsking(undefined);
                if (asking !== undefined) decision.send(asking);
              }}
            >
              {asking === 'approved' ? 'Approve' : 'Reject'}
            </Button>
          </>
        }
      >
        {asking === 'approved' ? <ShownData data={draft.value.data} /> : 'What is filled in is not sent.'}
      </Dialog>
      {delegating && (
        <DelegateDialog
          approval={approval}
          by={who.name.trim()}
          as={who.as === '' ? undefined : who.as}
          onClose={() => setDelegating(false)}
        />
      )}
    </>
  );
}
