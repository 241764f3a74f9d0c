/** The iterations of a container, or the turns of an agent, page after page; each opens to its nodes. */
import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Iteration } from '../../../../../src/contract/execution-nodes.ts';
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { Select } from '../../../components/field.tsx';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { Status } from '../../../components/status.tsx';
import { Took } from '../../../components/time.tsx';
import { iconOf } from '../../../graph/icons.ts';
import { keyOf, nameOf } from './address.ts';
import { NodeStatus } from './node-status.tsx';
import { useIterations } from './reading.ts';
import { useRun } from './view.tsx';

const ROW_PX = 30;
const AHEAD = 10;
/** So few are shown with their nodes at once. */
const OPEN_UP_TO = 5;

type Shown = Iteration['status'] | '';

const CHOICES: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: '', label: 'All' },
  { value: 'failed', label: 'Failed' },
  { value: 'running', label: 'Running' },
  { value: 'completed', label: 'Completed' },
  { value: 'canceled', label: 'Canceled' },
];

/** `begun`: how many have; among a few nobody needs a choice. */
export function Iterations({ parent, begun }: { readonly parent: string; readonly begun: number }) {
  const [status, setStatus] = useState<Shown>('');
  return (
    <>
      {begun > OPEN_UP_TO && (
        <Select
          aria-label="Iterations that are shown"
          className="h-7! text-xs"
          value={status}
          onChange={(event) => setStatus(CHOICES.find(({ value }) => value === event.target.value)?.value ?? '')}
          options={CHOICES}
        />
      )}
      <List key={status} parent={parent} status={status} />
    </>
  );
}

function List({ parent, status }: { readonly parent: string; readonly status: Shown }) {
  const { execution, at } = useRun();
  const list = useIterations(execution.id, parent, status === '' ? undefined : status, at);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => items[index]?.path ?? index,
    overscan: AHEAD,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= items.length - AHEAD) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, items.length]);
  if (list.error && items.length === 0) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (list.isPending) return <Loading />;
  if (items.length === 0)
    return <p className="text-faint text-xs">{status === '' ? 'None has begun.' : `None is ${status}.`}</p>;
  const isOpen = ({ path }: Iteration) => toggled.get(path) ?? items.length <= OPEN_UP_TO;
  return (
    <div ref={box} className="max-h-80 overflow-auto rounded-md border border-line">
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start, key }) => {
          const one = items[index] as Iteration;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className="absolute inset-x-0 border-line border-b last:border-b-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              <One
                iteration={one}
                isOpen={isOpen(one)}
                toggle={() => setToggled(new Map(toggled).set(one.path, !isOpen(one)))}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface OneProps {
  readonly iteration: Iteration;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

function One({ iteration, isOpen, toggle }: OneProps) {
  const { path, status, error, nodes } = iteration;
  const [only] = nodes;
  if (nodes.length === 1 && only !== undefined) return <Line node={only} index={keyOf(path)} />;
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={toggle}
        className="flex h-[29px] w-full items-center gap-2 px-2 text-left text-xs hover:bg-hover"
      >
        <ChevronRight size={11} className={`shrink-0 text-faint ${isOpen ? 'rotate-90' : ''}`} />
        <span className="shrink-0 font-medium tabular-nums">{keyOf(path)}</span>
        <Status status={status} />
        <span className="min-w-0 flex-1 truncate text-bad">{status === 'failed' && error?.message}</span>
      </button>
      {isOpen && (
        <ul className="pb-1">
          {nodes.map((node) => (
            <li key={node.path}>
              <Line node={node} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** A node of an iteration; where it is the only one, the line stands for the iteration. */
function Line({ node, index }: { readonly node: ExecutionNode; readonly index?: string }) {
  const { choose, moment } = useRun();
  const Icon = iconOf(node.type);
  const isOn = node.status === 'running' || node.status === 'waiting';
  return (
    <button
      type="button"
      onClick={() => choose(node.path)}
      className={clsx(
        'flex w-full items-center gap-2 px-2 text-left text-xs hover:bg-hover',
        index === undefined ? 'py-0.5 pl-7' : 'h-[29px]',
      )}
    >
      {index !== undefined && <span className="w-5 shrink-0 text-faint tabular-nums">{index}</span>}
      <Icon size={12} className="shrink-0 text-muted" />
      <span className="min-w-16 shrink-0 truncate">{nameOf(node.path)}</span>
      <span className="min-w-0 flex-1 truncate text-bad">{node.status === 'failed' && node.error?.message}</span>
      <NodeStatus status={node.status} />
      <span className="w-14 text-right text-faint">
        <Took from={node.startedAt} to={isOn ? (moment ?? null) : (node.finishedAt ?? node.startedAt)} />
      </span>
    </button>
  );
}
