/** The types to choose from, searched by name and by what they do; dragged to the canvas or chosen by Enter. */
import { Command } from 'cmdk';
import { useState } from 'react';
import { iconOf } from '../../../graph/icons.ts';
import type { Entry, Group } from './catalog.ts';
import { foundIn } from './found-in.ts';

/** What is dragged is known by this type of data. */
export const DRAG_TYPE = 'application/x-myelin-type';

interface NodeListProps {
  readonly groups: readonly Group[];
  readonly choose: (entry: Entry) => void;
  readonly autoFocus?: boolean;
  /** Only nodes: a trigger follows nothing. */
  readonly nodesOnly?: boolean;
}

export function NodeList({ groups, choose, autoFocus = false, nodesOnly = false }: NodeListProps) {
  const [text, setText] = useState('');
  const shown = nodesOnly ? groups.filter(({ entries }) => entries[0]?.kind === 'node') : groups;
  const lines = (entries: readonly Entry[]) =>
    entries.map((entry) => <Line key={`${entry.kind} ${entry.type.type}`} entry={entry} choose={choose} />);
  return (
    // It would search by itself, but leave the groups in their order, so that `if` chose `classify`.
    <Command label="Node types" loop shouldFilter={false} className="flex h-full min-h-0 flex-col">
      <Command.Input
        autoFocus={autoFocus}
        value={text}
        onValueChange={setText}
        placeholder="Search nodes"
        data-search=""
        className="h-10 w-full shrink-0 border-line border-b bg-transparent px-3 outline-none placeholder:text-faint"
      />
      <Command.List className="min-h-0 flex-1 overflow-auto p-1.5">
        <Command.Empty className="p-4 text-center text-muted">No such type</Command.Empty>
        {text.trim() === ''
          ? shown.map(({ title, entries }) => (
              <Command.Group
                key={title}
                heading={title}
                className="**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-2xs **:[[cmdk-group-heading]]:text-faint"
              >
                {lines(entries)}
              </Command.Group>
            ))
          : lines(foundIn(shown, text))}
      </Command.List>
    </Command>
  );
}

function Line({ entry, choose }: { readonly entry: Entry; readonly choose: (entry: Entry) => void }) {
  const { kind, type } = entry;
  const Icon = iconOf(type.type);
  const drag = (event: React.DragEvent) => {
    event.dataTransfer.setData(DRAG_TYPE, JSON.stringify({ kind, type: type.type }));
    event.dataTransfer.effectAllowed = 'copy';
  };
  return (
    <Command.Item
      value={`${type.type} ${kind}`}
      onSelect={() => choose(entry)}
      draggable
      onDragStart={drag}
      title={type.description}
      className="flex cursor-grab items-start gap-2.5 rounded-md px-2 py-1.5 data-[selected=true]:bg-hover"
    >
      <span
        className={`mt-0.5 flex size-6 shrink-0 items-center justify-center ${kind === 'trigger' ? 'rounded-full bg-accent-soft text-accent' : 'rounded-md bg-hover text-muted'}`}
      >
        <Icon size={13} />
      </span>
      <span className="min-w-0 leading-tight">
        <span className="block truncate font-medium">{type.type}</span>
        <span className="line-clamp-2 text-2xs text-faint">{type.description}</span>
      </span>
    </Command.Item>
  );
}
