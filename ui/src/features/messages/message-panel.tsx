/** One message: what it says, where it comes from, and who listens to its type. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MessageAnswer } from '../../../../src/contract/events.ts';
import { fitsPattern } from '../../../../src/core/message-pattern.ts';
import { useApi, useApiAll } from '../../api/query.ts';
import { Facts } from '../../components/facts.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Ago } from '../../components/time.tsx';
import type { MessageSearch } from './filter.ts';
import { SidePanel } from './side-panel.tsx';

interface MessagePanelProps {
  readonly position: string;
  readonly close: () => void;
  readonly filter: (part: MessageSearch) => void;
}

/** `dataschema` of what was written under a schema that is kept here. */
const SCHEMA = /^\/api\/event-schemas\/[^/]+\/(\d+)$/;
const SOURCE = /^\/workflows\/[^/]+\/executions\/([^/]+)$/;

export function MessagePanel({ position, close, filter }: MessagePanelProps) {
  const message = useApi('getEvent', { params: { position } });
  const { data } = message;
  const word = (name: 'topic' | 'key', value: string | null) =>
    value === null ? (
      <span className="text-faint">none</span>
    ) : (
      <button type="button" className="text-accent hover:underline" onClick={() => filter({ [name]: value })}>
        {value}
      </button>
    );
  return (
    <SidePanel label={`Message ${position}`} title={data?.type ?? `Message ${position}`} close={close}>
      {message.error && <ProblemNote error={message.error} retry={() => void message.refetch()} />}
      {message.isPending && <Loading />}
      {data && (
        <>
          <Facts
            facts={[
              ['Position', data.position],
              ['Written', <Ago key="at" at={data.at} />],
              ['Source', <Source key="source" source={data.source} />],
              [
                'Id',
                <code key="id" className="text-xs">
                  {data.id}
                </code>,
              ],
              ['Topic', word('topic', data.topic)],
              ['Key', word('key', data.key)],
              ...schemaFact(data.type, data.event.dataschema),
              ...(typeof data.event.replayid === 'string' ? [['Replay', data.event.replayid] as const] : []),
              ['Size', `${data.size.toLocaleString()} characters`],
            ]}
          />
          <section className="flex flex-col gap-2">
            <h3 className="font-medium text-muted text-xs">CloudEvent</h3>
            <JsonView value={data.event} depth={3} />
          </section>
          <Started started={data.started} />
          <Listeners type={data.type} topic={data.topic} />
        </>
      )}
    </SidePanel>
  );
}

/** What an `emit` node sent comes from an execution. */
function Source({ source }: { readonly source: string }) {
  const id = SOURCE.exec(source)?.[1];
  if (id === undefined) return source;
  return (
    <Link to="/executions/$id" params={{ id }} className="text-accent hover:underline">
      {source}
    </Link>
  );
}

/** Under which version of the schema of its type it was written, if any. */
function schemaFact(type: string, dataschema: unknown): [string, ReactNode][] {
  const version = SCHEMA.exec(String(dataschema))?.[1];
  if (version === undefined) return [];
  const search = { view: 'schemas', schema: type, version };
  const link = (
    <Link key="schema" to="/messages" search={search} className="text-accent hover:underline">
      version {version}
    </Link>
  );
  return [['Schema', link]];
}

function Started({ started }: { readonly started: MessageAnswer['started'] }) {
  if (started.length === 0) return null;
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium text-muted text-xs">What it started</h3>
      <ul className="flex flex-col gap-1">
        {started.map(({ executionId, workflowName }) => (
          <li key={executionId}>
            <Link to="/executions/$id" params={{ id: executionId }} className="text-accent hover:underline">
              {workflowName} <code className="text-xs">{executionId.slice(-12)}</code>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Listeners({ type, topic }: { readonly type: string; readonly topic: string | null }) {
  const triggers = useApiAll('listProjectTriggers');
  const found = (triggers.data?.items ?? []).filter(
    ({ type: kind, active, config }) =>
      kind === 'event' && active && fitsPattern(String(config.event), type) && (config.topic ?? topic) === topic,
  );
  if (triggers.data === undefined) return null;
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium text-muted text-xs">Who listens to it now</h3>
      {found.length === 0 && <p className="text-faint">No active workflow has an event trigger that it fits.</p>}
      <ul className="flex flex-col gap-1">
        {found.map(({ id, workflowId, workflowName, config }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-2">
            <Link to="/workflows/$id" params={{ id: workflowId }} className="text-accent hover:underline">
              {workflowName}
            </Link>
            {typeof config.filter === 'string' && (
              <code className="min-w-0 break-all text-muted text-xs">where {config.filter}</code>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
