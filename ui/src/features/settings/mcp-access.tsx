/** How a client of the Model Context Protocol takes the workflows of this server as tools, and which these are. */

import table from 'virtual:routes';
import { Link } from '@tanstack/react-router';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useApiAll } from '../../api/query.ts';
import { leastRole } from '../../api/role.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { hasNone, Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { MCP_CLIENTS } from './mcp-clients.ts';

export function McpAccess() {
  const [chosen, setChosen] = useState(MCP_CLIENTS[0]?.id ?? '');
  const url = location.origin + (table.callMcp?.path ?? '');
  const client = MCP_CLIENTS.find(({ id }) => id === chosen);
  const text = client?.text(url) ?? '';
  return (
    <Panel title="For assistants and agents (MCP)">
      <div className="flex flex-col gap-3">
        <p className="flex items-center gap-1 rounded-md bg-ground px-2 py-1 font-mono text-xs">
          <span className="min-w-0 flex-1 break-all">{url}</span>
          <IconButton label="Copy the address" onClick={() => void copy(url)}>
            <Copy size={13} />
          </IconButton>
        </p>
        <Tabs
          label="Client"
          tabs={MCP_CLIENTS.map(({ id, name }) => ({ id, label: name }))}
          value={chosen}
          onChange={setChosen}
        />
        <p className="text-muted">
          {client?.where}. In place of KEY goes{' '}
          <Link to="/settings" search={{ view: 'keys' }} className="text-accent underline">
            a key
          </Link>{' '}
          of the role {leastRole('callMcp')} or above.
        </p>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a telephone, so the keyboard must scroll it
          tabIndex={0}
          className="overflow-x-auto rounded-md border border-line bg-ground p-3 font-mono text-xs"
        >
          {text}
        </pre>
        <Button className="self-start" icon={<Copy size={14} />} onClick={() => void copy(text)}>
          Copy it
        </Button>
        <Tools />
      </div>
    </Panel>
  );
}

/** Workflows that say so in their document, and are active. */
function Tools() {
  const workflows = useApiAll('listWorkflows');
  const tools = {
    ...workflows,
    data: workflows.data && { items: workflows.data.items.filter(({ tool }) => tool !== null) },
  };
  return (
    <section className="flex flex-col gap-2 border-line border-t pt-3">
      <h3 className="font-medium text-muted text-xs">Its tools</h3>
      <Loaded
        query={tools}
        isEmpty={hasNone}
        empty={
          <p className="text-muted">
            There is none yet: an active workflow with{' '}
            <code className="rounded-sm bg-hover px-1">expose: {'{ mcp: true }'}</code> is one. Write that in the YAML
            of{' '}
            <Link to="/workflows" className="text-accent underline">
              a workflow
            </Link>
            .
          </p>
        }
      >
        {({ items }) => (
          <ul className="flex flex-col gap-1">
            {items.map(({ id, name, tool, status, description }) => (
              <li key={id} className="flex min-w-0 items-baseline gap-2">
                <code className="shrink-0 font-mono text-xs">{tool}</code>
                <Link to="/workflows/$id" params={{ id }} className="shrink-0 text-accent hover:underline">
                  {name}
                </Link>
                <span className="min-w-0 truncate text-muted" title={description ?? undefined}>
                  {status === 'active' ? description : 'not active, so no client sees it'}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
