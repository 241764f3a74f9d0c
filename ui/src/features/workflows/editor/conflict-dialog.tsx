/** Somebody else saved meanwhile: what differs, and what shall become of it. */
import { lazy, Suspense } from 'react';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Loading } from '../../../components/loading.tsx';
import { Ago } from '../../../components/time.tsx';
import type { Definition } from '../../../graph/document.ts';

const YamlDiff = lazy(() => import('../yaml-diff/yaml-diff.tsx'));

interface ConflictProps {
  readonly theirs: WorkflowAnswer;
  readonly mine: Definition;
  readonly from: number | undefined;
  readonly overwrite: () => void;
  readonly takeTheirs: () => void;
  readonly close: () => void;
}

export function ConflictDialog({ theirs, mine, from, overwrite, takeTheirs, close }: ConflictProps) {
  const actions = (
    <>
      <Button onClick={close} className="mr-auto">
        Keep editing
      </Button>
      <Button onClick={takeTheirs}>Take theirs</Button>
      <Button kind="danger" onClick={overwrite}>
        Save mine over theirs
      </Button>
    </>
  );
  return (
    <Dialog
      open
      wide
      onClose={close}
      title={`Version ${theirs.version} was saved meanwhile`}
      description={
        <>
          Yours was made from version {from}. Theirs was saved <Ago at={theirs.updatedAt} />. Every version stays in the
          list of versions, and Undo brings yours back after you took theirs.
        </>
      }
      actions={actions}
    >
      <Suspense fallback={<Loading />}>
        <YamlDiff before={theirs.definition} after={mine} names={['theirs', 'mine']} />
      </Suspense>
    </Dialog>
  );
}
