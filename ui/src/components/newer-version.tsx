/** What goes on stays on the version that it began with: whoever mended the workflow meanwhile is told so, with a way on. */
import { Info } from 'lucide-react';
import { useApi } from '../api/query.ts';
import { Button } from './button.tsx';

interface NewerVersionProps {
  readonly workflowId: string;
  readonly version: number;
  readonly busy: boolean;
  /** Starts another on the version that is active, with the same input. */
  readonly runAgain: () => void;
}

export function NewerVersion({ workflowId, version, busy, runAgain }: NewerVersionProps) {
  const now = useApi('getWorkflow', { params: { id: workflowId } }).data?.version;
  if (now === undefined || version < 1 || now <= version) return null;
  return (
    <div className="flex items-start gap-2 rounded-lg border border-line bg-info-soft px-3 py-2">
      <Info size={15} className="mt-0.5 shrink-0 text-info" />
      <p className="min-w-0 flex-1">
        This execution stays on version {version}; version {now} is the present one.
      </p>
      <Button operation="executeWorkflow" className="h-7! shrink-0" busy={busy} onClick={runAgain}>
        Run again on version {now}
      </Button>
    </div>
  );
}
