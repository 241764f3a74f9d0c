/** Where tools of agents come from besides workflows: MCP servers and OpenAPI files. One is asked when it is opened. */
import { ChevronRight, Copy, Wrench } from 'lucide-react';
import { useState } from 'react';
import type { ToolSourceAnswer } from '../../../../src/contract/tools.ts';
import { useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Empty } from '../../components/empty.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { hasNone, Loaded } from '../../components/loaded.tsx';
import { Badge } from '../../components/status.tsx';

/** An entry of the settings file; agents call its tools as mcp:github. */
const EXAMPLE = `tools:
  github:
    mcp:
      url: https://mcp.example.com/mcp
      headers: { Authorization: { secret: GITHUB_HEADER } }
`;

export default function Tools() {
  const sources = useApi('listTools');
  return (
    <Loaded
      query={sources}
      isEmpty={hasNone}
      empty={
        <Empty
          icon={<Wrench size={20} />}
          title="No source of tools is set up"
          action={
            <Button icon={<Copy size={14} />} onClick={() => void copy(EXAMPLE)}>
              Copy an example
            </Button>
          }
        >
          MCP servers and OpenAPI files stand under tools: in the settings file; agents call them by name.
        </Empty>
      }
    >
      {({ items }) => (
        <ul className="flex flex-col gap-3">
          {items.map((source) => (
            <Source key={source.name} source={source} />
          ))}
        </ul>
      )}
    </Loaded>
  );
}

function Source({ source: { name, kind, description } }: { readonly source: ToolSourceAnswer }) {
  const [open, setOpen] = useState(false);
  return (
    <li className="rounded-lg border border-line bg-panel">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-2 px-4 py-3 text-left"
      >
        <ChevronRight size={14} className={open ? 'rotate-90' : ''} />
        <span className="font-medium">{name}</span>
        <Badge>{kind}</Badge>
        <span className="min-w-0 flex-1 truncate text-muted">{description}</span>
      </button>
      {open && <ToolsOf source={name} />}
    </li>
  );
}

function ToolsOf({ source }: { readonly source: string }) {
  const answer = useApi('listTools', { query: { source } });
  return (
    <div className="border-line border-t p-4">
      <Loaded
        query={answer}
        isEmpty={({ items }) => (items[0]?.tools ?? []).length === 0}
        empty={<p className="text-muted">It has no tools.</p>}
      >
        {({ items }) => (
          <ul className="flex flex-col gap-4">
            {items[0]?.tools?.map(({ id, description, effect, parameters }) => (
              <li key={id} className="flex flex-col gap-1">
                <div className="flex items-center gap-2">
                  <code className="font-mono text-xs">{id}</code>
                  <Badge tone={effect === 'irreversible' ? 'warn' : 'neutral'}>{effect}</Badge>
                </div>
                <p className="text-muted">{description}</p>
                <JsonView value={parameters} depth={0} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </div>
  );
}
