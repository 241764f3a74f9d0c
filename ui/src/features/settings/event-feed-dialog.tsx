/** Where the events go: a connection, and what its publish node takes. */
import { type ReactNode, useId, useState } from 'react';
import type { ConnectionAnswer } from '../../../../src/contract/connections.ts';
import type { EventFeedAnswer } from '../../../../src/contract/event-feed.ts';
import { ApiProblem } from '../../api/problem.ts';
import { useAction, useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useDraft } from '../../components/draft.ts';
import { Empty } from '../../components/empty.tsx';
import { Field, Select } from '../../components/field.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import type { JsonSchema } from '../../components/schema/shape.ts';
import { type LeafProps, SchemaForm } from '../../components/schema-form.tsx';
import { targetSchemas } from './feed-fields.ts';

interface EventFeedDialogProps {
  /** Null: a new one. */
  readonly feed: EventFeedAnswer | null;
  readonly onClose: () => void;
}

/** Types do not change while a server runs. */
const STALE_MS = 10 * 60_000;

export function EventFeedDialog({ feed, onClose }: EventFeedDialogProps) {
  const types = useApi('listNodeTypes', {}, { staleTime: STALE_MS });
  const connections = useApi('listConnections', { query: { limit: 200 } });
  const form = useId();
  const [isBusy, setBusy] = useState(false);
  const schemas = types.data && targetSchemas(types.data.items);
  const able = schemas && connections.data?.items.filter(({ type }) => schemas.has(type));
  const query = {
    data: schemas && able && { schemas, able },
    error: types.error ?? connections.error,
    refetch: () => Promise.all([types.refetch(), connections.refetch()]),
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={feed === null ? 'Send events to a broker' : 'Change the event feed'}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} kind="primary" busy={isBusy} disabled={!able?.length}>
            Save
          </Button>
        </>
      }
    >
      <Loaded
        query={query}
        isEmpty={({ able: found }) => found.length === 0}
        empty={
          <Empty
            title="There is no broker to send them to"
            action={<Button onClick={onClose}>To the connections</Button>}
          >
            First add a connection to Kafka, RabbitMQ, Redis or NATS.
          </Empty>
        }
      >
        {({ schemas: known, able: found }) => (
          <Fields id={form} feed={feed} schemas={known} connections={found} setBusy={setBusy} onClose={onClose} />
        )}
      </Loaded>
    </Dialog>
  );
}

interface FieldsProps extends EventFeedDialogProps {
  readonly id: string;
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  readonly connections: readonly ConnectionAnswer[];
  readonly setBusy: (isBusy: boolean) => void;
}

function Fields({ id, feed, schemas, connections, setBusy, onClose }: FieldsProps) {
  const draft = useDraft<Pick<EventFeedAnswer, 'connection' | 'target'>>('event-feed', {
    connection: feed?.connection ?? connections[0]?.name ?? '',
    target: feed?.target ?? {},
  });
  const { connection: name, target } = draft.value;
  const [problem, setProblem] = useState<Error>();
  const type = connections.find((one) => one.name === name)?.type ?? '';
  const put = useAction('putEventFeed', {
    done: () => {
      setBusy(false);
      draft.clear();
      onClose();
    },
    failed: (error) => {
      setBusy(false);
      setProblem(error);
    },
  });
  const choose = (next: string) => {
    const isOther = connections.find((one) => one.name === next)?.type !== type;
    draft.set({ connection: next, target: isOther ? {} : target });
  };
  return (
    <form
      id={id}
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        setProblem(undefined);
        put.mutate({ body: { connection: name, target } });
      }}
    >
      <p className="text-muted">
        {feed === null ? 'It begins with what happens from now on.' : 'What waits goes to the new place.'} Events are
        CloudEvents; those of an execution or a session arrive in order.
      </p>
      <Field label="Connection" hint="To Kafka, RabbitMQ, Redis or NATS">
        {(ids) => (
          <Select
            {...ids}
            className="w-full!"
            value={name}
            options={connections.map((one) => one.name)}
            onChange={(event) => choose(event.target.value)}
          />
        )}
      </Field>
      <SchemaForm
        key={type}
        schema={schemas.get(type) ?? {}}
        value={target}
        faults={faultsOf(problem)}
        leaf={oneLine}
        fold
        onChange={(next) => draft.set({ connection: name, target: next as Record<string, unknown> })}
      />
      {draft.isTyped && (
        <Button kind="quiet" className="self-start" onClick={draft.clear}>
          Start over
        </Button>
      )}
      {problem && <ProblemNote error={problem} />}
    </form>
  );
}

/** Names may be long, and are one line all the same. */
function oneLine({ schema }: LeafProps, plain: (schema?: JsonSchema) => ReactNode): ReactNode {
  const { maxLength, ...short } = schema;
  return maxLength === undefined ? undefined : plain(short);
}

/** By the path in the target. */
function faultsOf(problem: Error | undefined): ReadonlyMap<string, string> {
  const errors = problem instanceof ApiProblem ? problem.errors : [];
  return new Map(errors.map(({ path, message }) => [path.replace(/^(body\.)?target\./, ''), message]));
}
