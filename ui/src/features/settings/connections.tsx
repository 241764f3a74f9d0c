/** Connections: named ways to reach what is outside. Made, tested, changed and removed here; no secret is ever shown. */
import { Link } from '@tanstack/react-router';
import { PlugZap, Plus } from 'lucide-react';
import { useState } from 'react';
import type { ConnectionAnswer } from '../../../../src/contract/connections.ts';
import { useAction, useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { ConnectionDialog } from '../../components/connection/connection-dialog.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Badge } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import { EventFeed } from './event-feed.tsx';

export default function Connections() {
  const connections = useApi('listConnections', { query: { limit: 200 } });
  const test = useAction('testConnection');
  const [edited, setEdited] = useState<ConnectionAnswer | 'new'>();
  const add = (
    <Button operation="createConnection" kind="primary" icon={<Plus size={14} />} onClick={() => setEdited('new')}>
      New connection
    </Button>
  );
  const saved = ({ id }: ConnectionAnswer) => {
    setEdited(undefined);
    test.mutate({ params: { id } });
  };
  return (
    <>
      <Loaded
        query={connections}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty icon={<PlugZap size={20} />} title="There is no connection yet" action={add}>
            A connection says where something is, and as whom to reach it: a database, a mail server, Slack, an API.
            Nodes name it, so that a password changes in one place.
          </Empty>
        }
      >
        {({ items }) => (
          <div className="flex flex-col gap-3">
            <div className="self-end">{add}</div>
            <ul className="flex flex-col divide-y divide-line rounded-lg border border-line bg-panel">
              {items.map((one) => (
                <Row
                  key={one.id}
                  connection={one}
                  isTested={test.isPending && test.variables.params?.id === one.id}
                  test={() => test.mutate({ params: { id: one.id } })}
                  edit={() => setEdited(one)}
                />
              ))}
            </ul>
            <EventFeed />
          </div>
        )}
      </Loaded>
      {edited !== undefined && (
        <ConnectionDialog
          {...(edited !== 'new' && { connection: edited })}
          onClose={() => setEdited(undefined)}
          onSaved={saved}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly connection: ConnectionAnswer;
  readonly isTested: boolean;
  readonly test: () => void;
  readonly edit: () => void;
}

function Row({ connection, isTested, test, edit }: RowProps) {
  const { id, name, type, lastTest } = connection;
  const [problem, setProblem] = useState<Error>();
  const remove = useAction('deleteConnection', { failed: setProblem });
  return (
    <li className="flex flex-col gap-2 px-4 py-3" aria-label={name}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="font-medium">{name}</span>
        <Badge tone="neutral">{type}</Badge>
        <span className="min-w-0 flex-1 truncate font-mono text-muted text-xs">{placeOf(connection)}</span>
        {type === 'webhook' && (
          <Link
            to="/messages"
            search={{ view: 'sent', connection: name }}
            className="text-accent hover:underline"
            aria-label={`What was sent by ${name}`}
          >
            What was sent
          </Link>
        )}
        <Button operation="testConnection" busy={isTested} onClick={test}>
          Test
        </Button>
        <Button operation="updateConnection" onClick={edit}>
          Change
        </Button>
        <Confirm
          title={`Delete ${name}?`}
          description="Its secrets are gone with it. Workflows that name it fail there until another one has its name."
          confirm="Delete it"
          run={() => {
            setProblem(undefined);
            remove.mutate({ params: { id } });
          }}
        >
          {(ask) => (
            <Button operation="deleteConnection" kind="danger" busy={remove.isPending} onClick={ask}>
              Delete
            </Button>
          )}
        </Confirm>
      </div>
      <p className="flex items-center gap-2 text-muted" role="status">
        {lastTest === null ? (
          'Not tested since it was made or changed.'
        ) : (
          <>
            <Badge tone={lastTest.ok ? 'ok' : 'bad'}>{lastTest.ok ? 'works' : 'fails'}</Badge>
            <span className="min-w-0 break-words">{lastTest.message}</span>
            <span className="shrink-0 text-faint text-xs">
              <Ago at={lastTest.at} />
            </span>
          </>
        )}
      </p>
      {problem && <ProblemNote error={problem} />}
    </li>
  );
}

/** Where it leads, and as whom. */
function placeOf({ config }: ConnectionAnswer): string {
  const { host, port, database, user, baseUrl, url, apiUrl } = config;
  if (typeof host !== 'string') return String(baseUrl ?? url ?? apiUrl ?? '');
  const who = typeof user === 'string' ? `${user}@` : '';
  return `${who}${host}:${port}${typeof database === 'string' ? `/${database}` : ''}`;
}
