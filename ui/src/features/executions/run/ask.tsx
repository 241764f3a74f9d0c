/** Asks before an action, with a reason that is kept in the history; what went wrong is said right here. */
import { type ReactNode, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { ProblemNote } from '../../../components/problem.tsx';

export interface AskProps {
  readonly title: string;
  readonly description: ReactNode;
  readonly confirm: string;
  readonly danger?: boolean;
  /** Without one there is no field for it. */
  readonly withReason?: boolean;
  readonly isBusy: boolean;
  readonly fault: Error | undefined;
  readonly run: (reason: string | undefined) => void;
  readonly close: () => void;
  readonly children?: ReactNode;
}

export function Ask(props: AskProps) {
  const { title, description, confirm, danger = false, withReason = true, isBusy, fault, run, close, children } = props;
  const [reason, setReason] = useState('');
  const go = () => run(reason.trim() === '' ? undefined : reason.trim());
  const buttons = (
    <>
      <Button onClick={close}>Not now</Button>
      <Button kind={danger ? 'danger' : 'primary'} busy={isBusy} onClick={go}>
        {confirm}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={close} title={title} description={description} actions={buttons}>
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        {children}
        {withReason && (
          <Field label="Reason" hint="Kept in the history; may stay empty.">
            {(ids) => (
              <Input {...ids} maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
            )}
          </Field>
        )}
        {fault && <ProblemNote error={fault} />}
      </form>
    </Dialog>
  );
}
