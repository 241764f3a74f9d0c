/** What can be done with the workflow as a whole. */
import {
  Copy,
  Download,
  FlaskConical,
  History,
  Keyboard,
  LayoutGrid,
  List,
  MoreHorizontal,
  Pause,
  Play,
  Save,
  Settings2,
  Trash2,
  Zap,
} from 'lucide-react';
import { useState } from 'react';
import type { WorkflowAnswer } from '../../../../../src/contract/workflows.ts';
import { Button } from '../../../components/button.tsx';
import { Menu, type MenuItem } from '../../../components/menu.tsx';
import { exportYaml, told, useDuplicate } from '../copies.ts';
import { holdItems, useHold } from '../hold.tsx';
import { DeleteDialog } from '../list/delete-dialog.tsx';
import { type DraftHandle, forget, unreadOf } from './draft.ts';
import type { Saving } from './saving.ts';

const SIZE = { size: 14 };

interface HeaderActionsProps {
  readonly draft: DraftHandle;
  readonly workflow: WorkflowAnswer | undefined;
  readonly saving: Saving;
  readonly run: () => void;
  readonly test: () => void;
  readonly tidy: () => void;
  readonly settings: () => void;
  readonly shortcuts: () => void;
  readonly go: (to: string) => void;
}

export function HeaderActions({
  draft,
  workflow,
  saving,
  run,
  test,
  tidy,
  settings,
  shortcuts,
  go,
}: HeaderActionsProps) {
  const [isDeleting, setDeleting] = useState(false);
  const duplicate = useDuplicate();
  const hold = useHold(workflow?.id ?? '');
  const isActive = workflow?.status === 'active';
  const toggle = () => {
    if (workflow === undefined) return void saving.save({ activate: true });
    if (isActive) return hold.pause();
    if (draft.dirty) return void saving.save({ activate: true });
    hold.activate();
  };
  const id = workflow?.id;
  const { definition } = draft;
  const isUnread = unreadOf(draft.texts) !== undefined;
  const save = workflow ? 'updateWorkflow' : 'createWorkflow';
  const items: MenuItem[] = [
    { label: 'Settings of the workflow', icon: <Settings2 {...SIZE} />, run: settings },
    { label: 'Lay out anew', icon: <LayoutGrid {...SIZE} />, run: tidy },
    ...(workflow && id
      ? [
          {
            label: 'Executions',
            icon: <List {...SIZE} />,
            run: () => go(`/executions?workflow=${encodeURIComponent(workflow.name)}`),
          },
          { label: 'Versions', icon: <History {...SIZE} />, run: () => go(`/workflows/${id}/versions`) },
          {
            label: 'Duplicate',
            icon: <Copy {...SIZE} />,
            operation: 'createWorkflow' as const,
            disabled: isUnread,
            run: told(() => duplicate(definition)),
          },
        ]
      : []),
    {
      label: 'Export as YAML',
      icon: <Download {...SIZE} />,
      disabled: isUnread,
      run: told(() => exportYaml(definition)),
    },
    { label: 'Keyboard shortcuts', icon: <Keyboard {...SIZE} />, keys: '?', run: shortcuts },
    ...(workflow ? holdItems(workflow.status, hold) : []),
    ...(workflow
      ? [
          {
            label: 'Delete…',
            icon: <Trash2 {...SIZE} />,
            danger: true,
            operation: 'deleteWorkflow' as const,
            run: () => setDeleting(true),
          },
        ]
      : []),
  ];
  return (
    <>
      <Button
        operation={workflow ? 'testWorkflow' : 'testDraft'}
        icon={<FlaskConical size={14} />}
        onClick={test}
        disabled={draft.definition.nodes.length === 0}
        title="Run the draft as it stands, without saving it"
      >
        Test
      </Button>
      <Button
        // What has changed is saved first.
        operation={draft.dirty || !workflow ? save : 'executeWorkflow'}
        icon={<Play size={14} />}
        onClick={run}
        disabled={draft.definition.nodes.length === 0 || workflow?.status === 'paused'}
      >
        Run
      </Button>
      <Button
        operation={isActive ? 'pauseWorkflow' : 'activateWorkflow'}
        icon={isActive ? <Pause size={14} /> : <Zap size={14} />}
        busy={hold.busy}
        disabled={saving.busy}
        onClick={toggle}
      >
        {isActive ? 'Pause' : 'Activate'}
      </Button>
      <Button
        operation={save}
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
      {workflow && isDeleting && (
        <DeleteDialog
          id={workflow.id}
          name={workflow.name}
          close={() => setDeleting(false)}
          gone={() => {
            forget(draft.key);
            go('/workflows');
          }}
        />
      )}
    </>
  );
}
