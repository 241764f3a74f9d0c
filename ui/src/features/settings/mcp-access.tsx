/** How a client of the Model Context Protocol takes the workflows of this server as tools. */
import { Link } from '@tanstack/react-router';
import { Copy } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Panel } from '../../components/page.tsx';

/** The file that most clients take; the key is put in by hand, since nobody can read it here. */
const clientConfig = (origin: string): string =>
  JSON.stringify(
    {
      mcpServers: {
        myelin: { type: 'http', url: `${origin}/mcp`, headers: { Authorization: 'Bearer KEY' } },
      },
    },
    null,
    2,
  );

export function McpAccess() {
  const config = clientConfig(location.origin);
  return (
    <Panel title="For assistants and agents (MCP)">
      <div className="flex flex-col gap-3">
        <p className="text-muted">
          Each active workflow with <code className="rounded-sm bg-hover px-1">expose: {'{ mcp: true }'}</code> is a
          tool. Most clients take a file such as this; in place of KEY goes{' '}
          <Link to="/settings" search={{ view: 'keys' }} className="text-accent hover:underline">
            a key
          </Link>
          .
        </p>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a telephone, so the keyboard must scroll it
          tabIndex={0}
          className="overflow-x-auto rounded-md border border-line bg-ground p-3 font-mono text-xs"
        >
          {config}
        </pre>
        <p className="text-muted">
          A client that only starts programs reaches it through a bridge:{' '}
          <code className="break-all rounded-sm bg-hover px-1">
            npx mcp-remote {location.origin}/mcp --header "Authorization: Bearer KEY"
          </code>
        </p>
        <Button className="self-start" icon={<Copy size={14} />} onClick={() => void copy(config)}>
          Copy the file
        </Button>
      </div>
    </Panel>
  );
}
