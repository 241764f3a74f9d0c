/** What the node had that failed; read when it is opened, since it may be large. */
import { useState } from 'react';
import { useApi } from '../../api/query.ts';
import { JsonView } from '../../components/json-view.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';

interface LetterInputProps {
  readonly executionId: string;
  readonly path: string;
  readonly failedAt: string;
}

export function LetterInput({ path, ...rest }: LetterInputProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="rounded-lg border border-line bg-panel" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="px-4 py-2 font-medium">What {path} had</summary>
      {open && <Input path={path} {...rest} />}
    </details>
  );
}

function Input({ executionId, path }: LetterInputProps) {
  const execution = useApi('getExecution', { params: { id: executionId }, query: { include: 'input' } });
  if (execution.data === undefined) {
    if (!execution.error) return <Loading />;
    return (
      <div className="p-4">
        <ProblemNote error={execution.error} retry={() => void execution.refetch()} />
      </div>
    );
  }
  const node = execution.data.nodes.find((one) => one.path === path);
  return (
    <div className="px-4 pb-4">
      {node?.input === undefined ? (
        <p className="text-muted">It is not kept, or the node had none.</p>
      ) : (
        <JsonView value={node.input} />
      )}
    </div>
  );
}
