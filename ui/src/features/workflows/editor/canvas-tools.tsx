/** Small tools that lie over the canvas: the list of types, undo and redo, laying out; and what ran last. */

import { LayoutGrid, PanelLeftClose, PanelLeftOpen, Redo2, Undo2 } from 'lucide-react';
import type { Execution } from '../../../../../src/contract/executions.ts';
import { hasEnded } from '../../../../../src/core/execution/status.ts';
import { IconButton } from '../../../components/button.tsx';
import { Status } from '../../../components/status.tsx';
import { Ago } from '../../../components/time.tsx';
import type { DraftHandle } from './draft.ts';

interface CanvasToolsProps {
  readonly draft: DraftHandle;
  readonly hasDock: boolean;
  readonly toggleDock: () => void;
  readonly tidy: () => void;
  readonly run: Execution | undefined;
  readonly go: (to: string) => void;
}

export function CanvasTools({ draft, hasDock, toggleDock, tidy, run, go }: CanvasToolsProps) {
  const { past, future } = draft.history;
  return (
    <>
      <div className="absolute top-2 left-2 flex gap-0.5 rounded-md border border-line bg-panel p-0.5 shadow-sm">
        <IconButton label={hasDock ? 'Hide node types' : 'Show node types'} onClick={toggleDock}>
          {hasDock ? <PanelLeftClose size={15} /> : <PanelLeftOpen size={15} />}
        </IconButton>
        <IconButton label="Undo" keys="Ctrl Z" disabled={past.length === 0} onClick={draft.undo}>
          <Undo2 size={15} />
        </IconButton>
        <IconButton label="Redo" keys="Shift Ctrl Z" disabled={future.length === 0} onClick={draft.redo}>
          <Redo2 size={15} />
        </IconButton>
        <IconButton label="Lay out anew" onClick={tidy}>
          <LayoutGrid size={15} />
        </IconButton>
      </div>
      {run && (
        <a
          className="absolute top-2 right-2 flex items-center gap-2 rounded-md border border-line bg-panel px-2.5 py-1 text-xs shadow-sm hover:bg-hover"
          href={`/executions/${run.id}`}
          title="The execution that the canvas shows"
          onClick={(event) => {
            event.preventDefault();
            go(`/executions/${run.id}`);
          }}
        >
          <span className="text-muted">{run.version < 0 ? 'Test' : `Run of v${run.version}`}</span>
          <Status status={run.status} />
          {hasEnded(run.status) && (
            <span className="text-faint">
              <Ago at={run.finishedAt} past />
            </span>
          )}
        </a>
      )}
    </>
  );
}
