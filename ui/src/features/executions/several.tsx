/** What can be done with several executions at once: each is asked by itself, and those that refuse stay chosen. */
import { useQueryClient } from '@tanstack/react-query';
import { RotateCcw, Square, X } from 'lucide-react';
import { useState } from 'react';
import type { ExecutionSummary } from '../../../../src/contract/executions.ts';
import { hasEnded } from '../../../../src/core/execution/status.ts';
import { call } from '../../api/call.ts';
import { refresh } from '../../api/query.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { toast } from '../../components/toast.tsx';

interface SeveralProps {
  readonly rows: readonly ExecutionSummary[];
  readonly choose: (ids: ReadonlySet<string>) => void;
}

/** At the same time; a hundred at once would crowd out everything else. */
const ABREAST = 6;

export function Several({ rows, choose }: SeveralProps) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const failed = rows.filter(({ status }) => status === 'failed' || status === 'compensation_failed');
  const open = rows.filter(({ status }) => !hasEnded(status));
  const all = async (done: string, list: readonly ExecutionSummary[], act: (id: string) => Promise<unknown>) => {
    setBusy(true);
    const refused = new Map<string, Error>();
    const queue = [...list];
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { id } = next;
        await act(id).catch((error: Error) => refused.set(id, error));
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
    setBusy(false);
    choose(new Set(refused.keys()));
    void refresh(client, ['Executions', 'Dead letters']);
    const [first] = refused.values();
    toast({ tone: 'ok', title: `${list.length - refused.size} ${done}` });
    if (first) toast({ tone: 'bad', title: `${refused.size} could not be: ${first.message}` });
  };
  return (
    <div role="toolbar" aria-label="The chosen executions" className="flex items-center gap-2">
      <span className="text-muted">{rows.length} chosen</span>
      <Confirm
        title={`Retry ${failed.length} executions?`}
        description="Each goes on from what failed; every result before that is kept."
        confirm="Retry"
        danger={false}
        run={() => void all('go on', failed, (id) => call('retryExecution', { params: { id }, body: {} }))}
      >
        {(ask) => (
          <Button
            operation="retryExecution"
            icon={<RotateCcw size={14} />}
            busy={busy}
            disabled={failed.length === 0}
            onClick={ask}
          >
            Retry {failed.length}
          </Button>
        )}
      </Confirm>
      <Confirm
        title={`Cancel ${open.length} executions?`}
        description="What is at work is stopped, and what waits is called off. They cannot go on afterwards."
        confirm="Cancel them"
        run={() => void all('are canceled', open, (id) => call('cancelExecution', { params: { id }, body: {} }))}
      >
        {(ask) => (
          <Button
            operation="cancelExecution"
            kind="danger"
            icon={<Square size={13} />}
            busy={busy}
            disabled={open.length === 0}
            onClick={ask}
          >
            Cancel {open.length}
          </Button>
        )}
      </Confirm>
      <IconButton label="Choose none" onClick={() => choose(new Set())}>
        <X size={14} />
      </IconButton>
    </div>
  );
}
