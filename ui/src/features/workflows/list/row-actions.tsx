/** What can be done with a workflow, from its row. */
import { useNavigate } from '@tanstack/react-router';
import { ChartLine, Copy, Download, Ellipsis, History, List, Pause, Play, Trash2, Zap } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { call } from '../../../api/call.ts';
import { Menu, type MenuItem } from '../../../components/menu.tsx';
import type { Definition } from '../../../graph/document.ts';
import { exportYaml, told, useDuplicate } from '../copies.ts';
import { holdItems, useHold } from '../hold.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import type { Row } from './rows.ts';

// A form of a schema: not with every list.
const QuickRun = lazy(() => import('./quick-run.tsx'));

const SIZE = { size: 14 };

export function RowActions({ row: { id, name, status } }: { readonly row: Row }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<'run' | 'delete'>();
  const close = () => setOpen(undefined);
  const hold = useHold(id);
  const duplicate = useDuplicate();
  /** The list has no documents. */
  const withDocument = (work: (definition: Definition) => Promise<void>) =>
    told(async () => work((await call('getWorkflow', { params: { id } })).definition));
  const items: MenuItem[] = [
    {
      label: 'Run…',
      icon: <Play {...SIZE} />,
      disabled: status === 'paused',
      operation: 'executeWorkflow',
      run: () => setOpen('run'),
    },
    status === 'active'
      ? { label: 'Pause', icon: <Pause {...SIZE} />, operation: 'pauseWorkflow', run: () => hold.pause() }
      : { label: 'Activate', icon: <Zap {...SIZE} />, operation: 'activateWorkflow', run: () => hold.activate() },
    ...holdItems(status, hold),
    {
      label: 'Executions',
      icon: <List {...SIZE} />,
      run: () => void navigate({ to: '/executions', search: { workflow: name } }),
    },
    {
      label: 'Figures',
      icon: <ChartLine {...SIZE} />,
      run: () => void navigate({ to: '/', search: { workflow: name } }),
    },
    {
      label: 'Versions',
      icon: <History {...SIZE} />,
      run: () => void navigate({ to: '/workflows/$id/versions', params: { id } }),
    },
    {
      label: 'Duplicate',
      icon: <Copy {...SIZE} />,
      operation: 'createWorkflow',
      run: withDocument(duplicate),
    },
    { label: 'Export as YAML', icon: <Download {...SIZE} />, run: withDocument(exportYaml) },
    {
      label: 'Delete…',
      icon: <Trash2 {...SIZE} />,
      danger: true,
      operation: 'deleteWorkflow',
      run: () => setOpen('delete'),
    },
  ];
  return (
    <>
      <Menu items={items}>
        {/* The hint of an icon button would be the trigger of the menu instead of the button. */}
        <button
          type="button"
          aria-label={`Actions for ${name}`}
          className="inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-strong hover:text-text data-[state=open]:bg-strong"
        >
          <Ellipsis size={16} />
        </button>
      </Menu>
      {open === 'run' && (
        <Suspense fallback={null}>
          <QuickRun id={id} name={name} close={close} />
        </Suspense>
      )}
      {open === 'delete' && <DeleteDialog id={id} name={name} close={close} />}
    </>
  );
}
