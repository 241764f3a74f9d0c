/** The types of messages that have a schema, and beside them the one that is looked at. */
import { FileCheck } from 'lucide-react';
import type { EventSchemaSummary } from '../../../../../src/contract/event-schemas.ts';
import { useApiAll } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import { Empty } from '../../../components/empty.tsx';
import { hasNone, Loaded } from '../../../components/loaded.tsx';
import { type Column, Table } from '../../../components/table.tsx';
import { Ago } from '../../../components/time.tsx';
import { POLICY_WORDS } from './policies.ts';
import { SchemaPanel } from './schema-panel.tsx';

/** Others write versions without a word from the server. */
const LOOK_MS = 10_000;

const COLUMNS: readonly Column<EventSchemaSummary>[] = [
  {
    id: 'type',
    title: 'Type',
    width: 'minmax(0, 1.2fr)',
    cell: ({ type }) => (
      <span className="font-mono text-xs" title={type}>
        {type}
      </span>
    ),
  },
  {
    id: 'version',
    title: 'Version',
    width: '70px',
    cell: ({ version }) => <span className="tabular-nums">v{version}</span>,
  },
  {
    id: 'policy',
    title: 'What does not fit',
    width: 'minmax(0, 1fr)',
    wideOnly: true,
    cell: ({ policy }) => (
      <span title={POLICY_WORDS[policy]}>
        {policy} <span className="text-muted">{POLICY_WORDS[policy]}</span>
      </span>
    ),
  },
  { id: 'at', title: 'Changed', width: '100px', align: 'right', cell: ({ createdAt }) => <Ago at={createdAt} past /> },
];

interface Search {
  readonly schema?: string;
  readonly version?: string;
}

interface SchemasViewProps {
  readonly search: Search;
  readonly change: (part: Search) => void;
  readonly write: () => void;
}

export default function SchemasView({ search, change, write }: SchemasViewProps) {
  const schemas = useApiAll('listEventSchemas', { refetchInterval: LOOK_MS });
  return (
    <Loaded query={schemas} isEmpty={hasNone} empty={<NoSchemas write={write} />}>
      {({ items }) => (
        <div className="relative flex h-full min-h-0">
          <div className="min-w-0 flex-1">
            <Table
              label="Schemas"
              columns={COLUMNS}
              rows={items}
              keyOf={({ type }) => type}
              onOpen={({ type }) => change({ schema: type, version: '' })}
              chosen={search.schema}
            />
          </div>
          {search.schema && (
            <SchemaPanel
              key={search.schema}
              type={search.schema}
              version={search.version || undefined}
              show={(version) => change({ version })}
              close={() => change({ schema: '', version: '' })}
            />
          )}
        </div>
      )}
    </Loaded>
  );
}

const NoSchemas = ({ write }: { readonly write: () => void }) => (
  <Empty
    icon={<FileCheck size={20} />}
    title="No type of messages has a schema yet"
    action={
      <Button operation="putEventSchema" kind="primary" onClick={write}>
        Write one
      </Button>
    }
  >
    A schema says what the data of a type looks like, so that what does not fit is told to who sends it, and not to who
    listens.
  </Empty>
);
