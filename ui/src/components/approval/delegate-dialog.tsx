/** Passes an approval on: others are asked from then on, and it stays open. */
import { type FormEvent, useState } from 'react';
import type { Approval } from '../../../../src/contract/approvals.ts';
import { useAction } from '../../api/query.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Field, Input } from '../field.tsx';
import { namesIn } from '../names-in.ts';
import { ProblemNote } from '../problem.tsx';
import { toast } from '../toast.tsx';

interface DelegateDialogProps {
  readonly approval: Approval;
  readonly by: string;
  readonly as: string | undefined;
  readonly onClose: () => void;
}

export function DelegateDialog({ approval, by, as, onClose }: DelegateDialogProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<Error>();
  const to = namesIn(text);
  const delegate = useAction('delegateApproval', {
    done: () => {
      toast({ tone: 'ok', title: `Passed on to ${to.join(', ')}: ${approval.title}` });
      onClose();
    },
    failed: setProblem,
  });
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (to.length === 0 || delegate.isPending) return;
    setProblem(undefined);
    delegate.mutate({ params: { id: approval.id }, body: { to, by, ...(as !== undefined && { as }) } });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Pass it on"
      description="They are asked instead of those who are asked now. It stays open, and its due time stays as it is."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={to.length === 0} busy={delegate.isPending} onClick={() => send()}>
            Pass on
          </Button>
        </>
      }
    >
      <form onSubmit={send} className="flex flex-col gap-3">
        <Field label="To" hint="Names or groups, with commas between them">
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              value={text}
              onChange={(event) => setText(event.target.value)}
              maxLength={2_000}
            />
          )}
        </Field>
        {problem && <ProblemNote error={problem} />}
      </form>
    </Dialog>
  );
}
