/** Asks before a workflow is deleted; the server refuses while executions of it go on, and that is said here. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAction } from '../../../api/query.ts';
import { Button, buttonClass } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { toast } from '../../../components/toast.tsx';

interface DeleteDialogProps {
  readonly id: string;
  readonly name: string;
  readonly close: () => void;
  readonly gone?: () => void;
}

export function DeleteDialog({ id, name, close, gone }: DeleteDialogProps) {
  const [error, setError] = useState<Error>();
  const remove = useAction('deleteWorkflow', {
    done: () => {
      close();
      gone?.();
      toast({ tone: 'ok', title: `${name} is deleted` });
    },
    failed: setError,
  });
  const actions = (
    <>
      {error && (
        <Link to="/executions" search={{ workflow: name }} className={buttonClass('quiet')}>
          Show its executions
        </Link>
      )}
      <Button autoFocus onClick={close}>
        Keep it
      </Button>
      <Button
        kind="danger"
        busy={remove.isPending}
        onClick={() => {
          setError(undefined);
          remove.mutate({ params: { id } });
        }}
      >
        Delete {name}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onClose={close}
      title={`Delete ${name}?`}
      description="Its versions and triggers go with it. Executions that have ended stay readable."
      actions={actions}
    >
      {error && <ProblemNote error={error} />}
    </Dialog>
  );
}
