/** What the panels of nodes and triggers have around: name, views, faults that belong to no field. */
import { Database, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { IconButton } from '../../../components/button.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import { iconOf } from '../../../graph/icons.ts';

export type Fault = { readonly path: string; readonly message: string };
export type PanelTab = 'config' | 'settings' | 'json';

interface PanelFrameProps {
  readonly id: string;
  readonly type: string;
  readonly description: string | undefined;
  readonly rename: (id: string) => void;
  readonly close: () => void;
  readonly tabs: readonly { readonly id: PanelTab; readonly label: ReactNode }[];
  readonly tab: PanelTab;
  readonly choose: (tab: PanelTab) => void;
  /** Takes room of its own while it is open, and none of the canvas where that is narrow. */
  readonly data?: { readonly isOpen: boolean; readonly toggle: () => void; readonly column: ReactNode };
  /** The view takes the whole room, without a frame. */
  readonly bare?: boolean;
  readonly children: ReactNode;
}

export function PanelFrame(props: PanelFrameProps) {
  const { id, type, description, rename, close, tabs, tab, choose, data, bare = false, children } = props;
  const Icon = iconOf(type);
  return (
    <div className="flex h-full min-h-0 flex-col min-[1500px]:flex-row-reverse">
      <div className="flex min-h-0 flex-1 flex-col">
        <header className="flex items-center gap-1.5 border-line border-b py-2 pr-2 pl-4">
          <Icon size={16} className="shrink-0 text-muted" />
          <h2 className="sr-only">
            {id} {type}
          </h2>
          <NameInput id={id} rename={rename} />
          <span className="shrink-0 text-faint">{type}</span>
          {data && (
            <IconButton
              label="Data of the last run"
              aria-pressed={data.isOpen}
              className="max-md:hidden"
              onClick={data.toggle}
            >
              <Database size={14} />
            </IconButton>
          )}
          <IconButton label="Close" keys="Esc" onClick={close}>
            <X size={15} />
          </IconButton>
        </header>
        <div className="border-line border-b px-3 py-1">
          <Tabs<PanelTab> label="Views of the node" tabs={tabs} value={tab} onChange={choose} />
        </div>
        <div className={bare ? 'flex min-h-0 flex-1 flex-col' : 'flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-4'}>
          {!bare && description && <p className="text-muted text-xs">{description}</p>}
          {children}
        </div>
      </div>
      {data?.isOpen && data.column}
    </div>
  );
}

/** The name as it is written; it counts once the field is left. */
function NameInput({ id, rename }: { readonly id: string; readonly rename: (id: string) => void }) {
  const [text, setText] = useState(id);
  useEffect(() => setText(id), [id]);
  return (
    <input
      aria-label="Name"
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => {
        if (text.trim() === '') setText(id);
        else if (text !== id) rename(text.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key !== 'Escape' || text === id) return;
        event.preventDefault();
        setText(id);
      }}
      className="h-7 min-w-0 flex-1 rounded-md border border-transparent bg-transparent px-1.5 font-semibold hover:border-line focus:border-accent focus:outline-none"
    />
  );
}

/** Those that no field shows. */
export function RestFaults({ faults }: { readonly faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  return (
    <ul className="list-disc pl-4 text-bad text-xs">
      {faults.map(({ path, message }) => (
        <li key={`${path} ${message}`}>
          {path && <code className="font-mono">{path} </code>}
          {message}
        </li>
      ))}
    </ul>
  );
}
