/** The edges of a node without a mouse: where it leads to, which of its ports to which node, and what is taken away. */
import { Command } from 'cmdk';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import { type Arrow, type Definition, mainPortOf, portsOf } from '../../../graph/document.ts';
import { iconOf } from '../../../graph/icons.ts';
import type { Commands } from './commands.ts';
import { edgesAt, followersOf } from './edit/edges.ts';
import { nodeAt, splitPlace } from './edit/scopes.ts';
import { focusNode } from './focus-node.ts';

interface ConnectDialogProps {
  readonly place: string;
  readonly definition: Definition;
  readonly commands: Commands;
  readonly close: () => void;
}

/** More are found by typing. */
const SHOWN = 50;

export function ConnectDialog({ place, definition, commands, close }: ConnectDialogProps) {
  const node = nodeAt(definition, place);
  const ports = node ? portsOf(node) : [];
  const { into, outOf } = edgesAt(definition, place);
  const [port, setPort] = useState(() => firstFree(ports, outOf) ?? (node ? mainPortOf(node) : 'out'));
  const id = idOf(place);
  return (
    <Dialog open onClose={close} refocus={() => focusNode(place)} title={`Connect ${id}`}>
      <div className="flex flex-col gap-3 pt-1">
        {ports.length > 1 && (
          <Tabs label="Port" value={port} onChange={setPort} tabs={ports.map((name) => ({ id: name, label: name }))} />
        )}
        {ports.length === 0 ? (
          <p className="text-muted">Nothing follows {id}: the execution ends there.</p>
        ) : (
          <Targets
            label={`Connect ${port} of ${id} to`}
            definition={definition}
            places={followersOf(definition, place).filter(
              (to) => !outOf.some((edge) => edge.port === port && edge.to === to),
            )}
            choose={(to) => {
              commands.connect(place, port, to);
              close();
            }}
          />
        )}
        <Edges title="Comes from" edges={into} commands={commands} />
        <Edges title="Leads to" edges={outOf} commands={commands} />
      </div>
    </Dialog>
  );
}

const idOf = (place: string): string => splitPlace(place).id;

const firstFree = (ports: readonly string[], edges: readonly Arrow[]): string | undefined =>
  ports.find((port) => port !== 'error' && !edges.some((edge) => edge.port === port));

interface TargetsProps {
  readonly label: string;
  readonly definition: Definition;
  readonly places: readonly string[];
  readonly choose: (place: string) => void;
}

function Targets({ label, definition, places, choose }: TargetsProps) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = places.filter((to) => idOf(to).toLowerCase().includes(wanted)).slice(0, SHOWN);
  return (
    <Command label={label} loop shouldFilter={false} className="overflow-hidden rounded-md border border-line">
      <Command.Input
        autoFocus
        data-first
        value={text}
        onValueChange={setText}
        placeholder={label}
        className="h-9 w-full border-line border-b bg-transparent px-3 outline-none placeholder:text-faint"
      />
      <Command.List label="Nodes" className="max-h-48 overflow-auto p-1">
        <Command.Empty className="p-3 text-center text-muted">
          {places.length === 0
            ? 'No other node can follow it: an edge stays in its container and makes no circle.'
            : 'No such node'}
        </Command.Empty>
        {found.map((to) => {
          const type = nodeAt(definition, to)?.type ?? '';
          const Icon = iconOf(type);
          return (
            <Command.Item
              key={to}
              value={to}
              onSelect={() => choose(to)}
              className="flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 data-[selected=true]:bg-hover"
            >
              <Icon size={14} className="text-muted" /> {idOf(to)}
              <span className="ml-auto text-2xs text-faint">{type}</span>
            </Command.Item>
          );
        })}
      </Command.List>
    </Command>
  );
}

interface EdgesProps {
  readonly title: string;
  readonly edges: readonly Arrow[];
  readonly commands: Commands;
}

function Edges({ title, edges, commands }: EdgesProps) {
  if (edges.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="text-2xs text-faint">{title}</h3>
      <ul>
        {edges.map(({ from, port, to }) => {
          const words = `${idOf(from)}${port === 'out' ? '' : `:${port}`} → ${idOf(to)}`;
          return (
            <li key={words} className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-mono text-xs">{words}</span>
              <IconButton label={`Remove the edge ${words}`} onClick={() => commands.disconnect(from, port, to)}>
                <Trash2 size={14} />
              </IconButton>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
