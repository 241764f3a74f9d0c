/** A node as a card: its sign, id and type; arrows come in at the left and leave at the right, by its ports. */
import { Handle, type NodeProps, Position } from '@xyflow/react';
import clsx from 'clsx';
import { Fragment, memo } from 'react';
import { TONES } from '../components/tone.ts';
import { aroundOf } from './document.ts';
import { type BranchNode, type CardNode, type FrameNode, UNDOES, UNDONE } from './flow.ts';
import { iconOf } from './icons.ts';
import { useMark } from './marks.ts';

const HANDLE = '!size-2.5 !rounded-full !border-2 !border-panel !bg-faint hover:!bg-accent';
const UNSEEN = 'invisible!';

export const Card = memo(function Card({ data: { node, ports, place, undoes }, selected }: NodeProps<CardNode>) {
  const Icon = iconOf(node.type);
  const mark = useMark(place);
  return (
    <div
      title={mark?.hint}
      className={clsx(
        'flex h-full items-center gap-2.5 rounded-lg border bg-panel px-3 shadow-sm',
        mark?.tone ? TONES[mark.tone].border : 'border-line',
        selected && 'ring-2 ring-accent',
        mark?.isFaint && 'opacity-45',
      )}
    >
      <span
        className={clsx(
          'flex size-7 shrink-0 items-center justify-center rounded-md',
          TONES[mark?.tone ?? 'neutral'].soft,
          mark?.isMoving && 'animate-pulse',
        )}
      >
        <Icon size={15} />
      </span>
      <span
        className={clsx(
          'min-w-0 flex-1 leading-tight',
          ports.length > 1 && (ports.every((port) => port === 'out' || port === 'error') ? 'pr-9' : 'pr-12'),
        )}
      >
        <span className="block truncate font-medium">{node.id}</span>
        <span className="block truncate text-2xs text-faint">{mark?.note ?? plainNote(node.type, undoes)}</span>
      </span>
      {undoes === undefined ? (
        <>
          <Handle type="target" id="in" position={Position.Left} className={HANDLE} />
          <Ports ports={ports} />
        </>
      ) : (
        <NoPorts ports={ports} />
      )}
      <UndoEnds isUndone={node.compensate !== undefined} undoes={undoes} />
    </div>
  );
});

const plainNote = (type: string, undoes: string | undefined): string =>
  undoes === undefined ? type : `undoes ${undoes} · ${type}`;

/** Where the line to what undoes it begins, or to what it undoes: nothing to see or to pull at. */
function UndoEnds({ isUndone, undoes }: { readonly isUndone: boolean; readonly undoes: string | undefined }) {
  return (
    <>
      {isUndone && (
        <Handle type="source" id={UNDONE} position={Position.Bottom} isConnectable={false} className={UNSEEN} />
      )}
      {undoes !== undefined && (
        <Handle type="target" id={UNDOES} position={Position.Top} isConnectable={false} className={UNSEEN} />
      )}
    </>
  );
}

/** One below the other; named where there are several. */
function Ports({ ports }: { readonly ports: readonly string[] }) {
  return ports.map((port, index) => (
    <Fragment key={port}>
      {ports.length > 1 && port !== 'out' && (
        <span
          className="-translate-y-1/2 pointer-events-none absolute right-2.5 max-w-18 truncate text-[10px] text-faint"
          style={topOf(index, ports)}
        >
          {port}
        </span>
      )}
      <Handle
        type="source"
        id={port}
        position={Position.Right}
        title={port}
        className={clsx(HANDLE, port === 'error' && 'bg-bad!')}
        style={topOf(index, ports)}
      />
    </Fragment>
  ));
}

/** What undoes another has no edges, so there is nothing to pull at; one that it has by mistake is drawn all the same. */
const NoPorts = ({ ports }: { readonly ports: readonly string[] }) => (
  <>
    <Handle type="target" id="in" position={Position.Left} isConnectable={false} className={UNSEEN} />
    {ports.map((port) => (
      <Handle key={port} type="source" id={port} position={Position.Right} isConnectable={false} className={UNSEEN} />
    ))}
  </>
);

const topOf = (index: number, ports: readonly string[]) => ({ top: `${((index + 0.5) / ports.length) * 100}%` });

export const Frame = memo(function Frame({ data: { node, ports, place, undoes }, selected }: NodeProps<FrameNode>) {
  const Icon = iconOf(node.type);
  const mark = useMark(place);
  return (
    <div
      title={mark?.hint}
      className={clsx(
        'h-full rounded-lg border border-dashed bg-[color-mix(in_srgb,var(--panel)_55%,transparent)]',
        mark?.tone ? TONES[mark.tone].border : 'border-strong',
        selected && 'ring-2 ring-accent',
        mark?.isFaint && 'opacity-45',
      )}
    >
      <div className="flex h-10 items-center gap-2 px-3">
        <Icon
          size={15}
          className={clsx('shrink-0', TONES[mark?.tone ?? 'neutral'].text, mark?.isMoving && 'animate-pulse')}
        />
        <span className="truncate font-medium">{node.id}</span>
        <span className="truncate text-2xs text-faint">{mark?.note ?? plainNote(node.type, undoes)}</span>
      </div>
      <Handle type="target" id="in" position={Position.Left} className={HANDLE} style={{ top: 20 }} />
      <Ports ports={ports} />
      <UndoEnds isUndone={node.compensate !== undefined} undoes={undoes} />
    </div>
  );
});

export const Branch = memo(function Branch({ id, data: { name } }: NodeProps<BranchNode>) {
  const around = useMark(aroundOf(id));
  return (
    <div className={clsx('h-full rounded-md border border-line border-dashed', around?.isFaint && 'opacity-45')}>
      <span className="block px-2 pt-1 text-2xs text-faint">{name}</span>
    </div>
  );
});
