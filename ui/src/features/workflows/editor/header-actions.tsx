/** What can be done with the workflow as a whole. */
import { FlaskConical, MoreHorizontal, Pause, Play, Save, Zap } from 'lucide-react';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { useAction } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import { Menu } from '../../../components/menu.tsx';
import { toast } from '../../../components/toast.tsx';
import type { DraftHandle } from './draft.ts';
import type { Saving } from './saving.ts';

interface HeaderActionsProps {
  readonly draft: DraftHandle;
  readonly workflow: WorkflowAnswer | undefined;
  readonly saving: Saving;
  readonly run: () => void;
  readonly test: () => void;
  readonly tidy: () => void;
  readonly settings: () => void;
  readonly go: (to: string) => void;
}

export function HeaderActions({ draft, workflow, saving, run, test, tidy, settings, go }: HeaderActionsProps) {
  const activate = useAction('activateWorkflow', {
    done: ({ name }) => toast({ tone: 'ok', title: `${name} is active: its triggers start executions` }),
  });
  const pause = useAction('pauseWorkflow', {
    done: ({ name }) => toast({ tone: 'ok', title: `${name} is paused: nothing starts it` }),
  });
  const isActive = workflow?.status === 'active';
  const busy = activate.isPending || pause.isPending;
  const toggle = () => {
    if (workflow === undefined) return void saving.save({ activate: true });
    const request = { params: { id: workflow.id }, body: {} };
    if (isActive) return pause.mutate(request);
    if (draft.dirty) return void saving.save({ activate: true });
    activate.mutate(request);
  };
  const id = workflow?.id;
  const items = [
    { label: 'Settings of the workflow', run: settings },
    { label: 'Lay out anew', run: tidy },
    ...(workflow && id
      ? [
          { label: 'Executions', run: () => go(`/executions?workflow=${encodeURIComponent(workflow.name)}`) },
          { label: 'Versions', run: () => go(`/workflows/${id}/versions`) },
        ]
      : []),
  ];
  return (
    <>
      <Button
        icon={<FlaskConical size={14} />}
        onClick={test}
        disabled={draft.definition.nodes.length === 0}
        title="Run the draft as it stands, without saving it"
      >
        Test
      </Button>
      <Button
        icon={<Play size={14} />}
        onClick={run}
        disabled={draft.definition.nodes.length === 0 || workflow?.status === 'paused'}
      >
        Run
      </Button>
      <Button icon={isActive ? <Pause size={14} /> : <Zap size={14} />} busy={busy} onClick={toggle}>
        {isActive ? 'Pause' : 'Activate'}
      </Button>
      <Button
        kind="primary"
        icon={<Save size={14} />}
        busy={saving.busy}
        disabled={!draft.dirty && draft.version !== undefined}
        onClick={() => void saving.save()}
        title="Ctrl S"
      >
        Save
      </Button>
      <Menu items={items}>
        <button
          type="button"
          aria-label="More"
          className="inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
        >
          <MoreHorizontal size={16} />
        </button>
      </Menu>
    </>
  );
}
