/** The nodes one below the other, where there is no room for a graph, or no document to draw. */
import { ChevronRight } from 'lucide-react';
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { type Column, Table } from '../../../components/table.tsx';
import { Took } from '../../../components/time.tsx';
import { iconOf } from '../../../graph/icons.ts';
import { iterationOf, keyOf, nameOf } from './address.ts';
import { NodeStatus } from './node-status.tsx';
import { useRun } from './view.tsx';

const COLUMNS: readonly Column<ExecutionNode>[] = [
  {
    id: 'node',
    title: 'Node',
    width: 'minmax(0, 1fr)',
    cell: ({ path, type }) => <Name path={path} type={type} />,
  },
  { id: 'status', title: 'Status', width: '100px', cell: ({ status }) => <NodeStatus status={status} /> },
  {
    id: 'took',
    title: 'Took',
    width: '72px',
    align: 'right',
    cell: ({ startedAt, finishedAt, status }) => (
      <Took from={startedAt} to={status === 'running' || status === 'waiting' ? null : (finishedAt ?? startedAt)} />
    ),
  },
];

function Name({ path, type }: { readonly path: string; readonly type: string }) {
  const Icon = iconOf(type);
  const depth = path.split('/').length - 1;
  const around = iterationOf(path);
  return (
    <span className="flex items-center gap-2" style={{ paddingLeft: depth * 12 }}>
      {depth > 0 && <ChevronRight size={10} className="shrink-0 text-faint" />}
      <Icon size={14} className="shrink-0 text-muted" />
      <span className="truncate" title={path}>
        {around !== null && <span className="text-muted">[{keyOf(around)}] </span>}
        {nameOf(path)}
      </span>
    </span>
  );
}

export function NodeList() {
  const { execution, choose } = useRun();
  return (
    <div className="flex h-full min-h-0 flex-col">
      {execution.truncated && (
        <p className="border-line border-b px-4 py-1.5 text-muted text-xs">
          Not all iterations are in this list. Open the node around them: it shows all, or only those that failed.
        </p>
      )}
      <div className="min-h-0 flex-1">
        <Table
          label="Nodes"
          columns={COLUMNS}
          rows={execution.nodes}
          keyOf={({ path }) => path}
          onOpen={({ path }) => choose(path)}
        />
      </div>
    </div>
  );
}
