/** Makes the document of an older version the newest one; asks first, and refuses where somebody has saved meanwhile. */
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { VersionSummary } from '../../../../../src/contract/versions.ts';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { useAction } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Menu } from '../../../components/menu.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { toast } from '../../../components/toast.tsx';

interface RollBackProps {
  readonly workflow: WorkflowAnswer;
  readonly versions: readonly VersionSummary[];
  /** Offered first. */
  readonly chosen: number | undefined;
}

export function RollBack({ workflow, versions, chosen }: RollBackProps) {
  const [target, setTarget] = useState<number>();
  const [error, setError] = useState<Error>();
  const rollBack = useAction('rollbackWorkflow', {
    done: ({ version }, { body }) => {
      setTarget(undefined);
      toast({ tone: 'ok', title: `Version ${version} is the document of version ${body?.version}` });
    },
    failed: setError,
  });
  const older = versions.filter(({ present }) => !present).map(({ version }) => version);
  const order = [...older].sort((a, b) => Number(b === chosen) - Number(a === chosen));
  if (older.length === 0) return null;
  const ask = (version: number) => {
    setError(undefined);
    setTarget(version);
  };
  const run = () => {
    if (target === undefined) return;
    const headers = { 'if-match': `"${workflow.version}"` };
    rollBack.mutate({ params: { id: workflow.id }, headers, body: { version: target } });
  };
  return (
    <>
      <Menu items={order.slice(0, 12).map((version) => ({ label: `To version ${version}…`, run: () => ask(version) }))}>
        <Button operation="rollbackWorkflow" icon={<Undo2 size={14} />}>
          Roll back
        </Button>
      </Menu>
      <Dialog
        open={target !== undefined}
        onClose={() => setTarget(undefined)}
        title={`Roll back to version ${target}?`}
        description={`Its document is saved as a new version after ${workflow.version}; nothing is lost. Executions that run stay on the version they began with.`}
        actions={
          <>
            <Button onClick={() => setTarget(undefined)}>Keep version {workflow.version}</Button>
            <Button kind="primary" busy={rollBack.isPending} onClick={run}>
              Roll back
            </Button>
          </>
        }
      >
        {error && <ProblemNote error={error} />}
      </Dialog>
    </>
  );
}
