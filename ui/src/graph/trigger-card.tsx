/** What starts a workflow, as a card at its beginning, with what it waits for. That of a webhook has its address, to copy. */
import { Handle, type NodeProps, Position } from '@xyflow/react';
import clsx from 'clsx';
import { Copy } from 'lucide-react';
import { createContext, memo, use } from 'react';
import { copy } from '../components/copy.ts';
import { TONES } from '../components/tone.ts';
import type { TriggerNode } from './flow.ts';
import { iconOf } from './icons.ts';
import { useMark } from './marks.ts';
import { triggerLine } from './trigger-line.ts';

/** Addresses of webhooks by the id of their trigger, as the server says them. */
const UrlContext = createContext<ReadonlyMap<string, string>>(new Map());
export const TriggerUrls = UrlContext.Provider;

export const TriggerCard = memo(function TriggerCard({ data: { trigger, place }, selected }: NodeProps<TriggerNode>) {
  const Icon = iconOf(trigger.type);
  const mark = useMark(place);
  const url = use(UrlContext).get(trigger.id);
  const line = triggerLine(trigger.type, trigger);
  return (
    <div
      title={mark?.hint}
      className={clsx(
        'flex h-full items-center gap-2.5 rounded-r-lg rounded-l-[26px] border bg-panel px-3 shadow-sm',
        mark?.tone ? TONES[mark.tone].border : 'border-line',
        selected && 'ring-2 ring-accent',
      )}
    >
      <span className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent">
        <Icon size={15} />
      </span>
      <span className="min-w-0 flex-1 leading-tight">
        <span className="block truncate font-medium">{trigger.id}</span>
        <span className="block truncate text-2xs text-faint" title={`${trigger.type}: ${url ?? line}`}>
          {line}
        </span>
      </span>
      {url !== undefined && (
        <button
          type="button"
          aria-label={`Copy the address of ${trigger.id}`}
          className="nodrag nopan flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
          onClick={(event) => {
            event.stopPropagation();
            void copy(url, `Copied ${url}`);
          }}
        >
          <Copy size={13} />
        </button>
      )}
      <Handle
        type="source"
        id="out"
        position={Position.Right}
        className="!size-2.5 !rounded-full !border-2 !border-panel !bg-faint"
      />
    </div>
  );
});
