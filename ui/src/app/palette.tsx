/** Everything by name: pages, workflows, an execution by its id. */
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { isUuid } from '../../../src/core/uuid.ts';
import { useApiAll } from '../api/query.ts';
import { Permitted } from '../components/permitted.tsx';
import { useNav } from './nav.ts';

export default function Palette({ close }: { readonly close: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const workflows = useApiAll('listWorkflows');
  const go = (to: string) => () => {
    close();
    void navigate({ to });
  };
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => !open && close()}
      label="Search"
      overlayClassName="fixed inset-0 z-40 bg-[rgb(0_0_0/0.35)]"
      contentClassName="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised shadow-xl"
    >
      <Command.Input
        value={text}
        // An id is often copied with the space around it, which would find nothing.
        onValueChange={(next) => setText(isUuid(next.trim()) ? next.trim() : next)}
        placeholder="A page, a workflow, the id of an execution"
        className="h-12 w-full border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-faint"
      />
      <Command.List className="max-h-[50vh] overflow-auto p-2">
        <Command.Empty className="p-4 text-center text-muted">Nothing of this name</Command.Empty>
        {isUuid(text) && <Entry label={`Execution ${text}`} run={go(`/executions/${text}`)} />}
        <Group title="Pages">
          {useNav().map(({ to, label, icon: Icon, key }) => (
            <Entry key={to} label={label} icon={<Icon size={15} />} keys={`g ${key}`} run={go(to)} />
          ))}
          <Permitted operation="createWorkflow">
            <Entry label="New workflow" icon={<Plus size={15} />} run={go('/workflows/new')} />
          </Permitted>
        </Group>
        <Group title="Workflows">
          {workflows.data?.items.map(({ id: workflow, name }) => (
            <Entry key={workflow} label={name} run={go(`/workflows/${workflow}`)} />
          ))}
        </Group>
      </Command.List>
    </Command.Dialog>
  );
}

const Group = ({ title, children }: { readonly title: string; readonly children: React.ReactNode }) => (
  <Command.Group
    heading={title}
    className="**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:py-1 **:[[cmdk-group-heading]]:text-2xs **:[[cmdk-group-heading]]:text-faint"
  >
    {children}
  </Command.Group>
);

interface EntryProps {
  readonly label: string;
  readonly icon?: React.ReactNode;
  readonly keys?: string;
  readonly run: () => void;
}

const Entry = ({ label, icon, keys, run }: EntryProps) => (
  <Command.Item
    onSelect={run}
    className="flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-2 data-[selected=true]:bg-hover"
  >
    {icon}
    <span className="truncate">{label}</span>
    {keys && <span className="ml-auto text-2xs text-faint">{keys}</span>}
  </Command.Item>
);
