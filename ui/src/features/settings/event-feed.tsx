/** The feed of events: whether every event of the project goes to a broker, where, and how far it is. */
import { useState } from 'react';
import type { EventFeedAnswer } from '../../../../src/contract/event-feed.ts';
import { useAction, useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Badge } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import { EventFeedDialog } from './event-feed-dialog.tsx';

/** What waits is not told. */
const LOOK_MS = 5_000;

export function EventFeed() {
  const { data, error, refetch } = useApi('getEventFeed', {}, { refetchInterval: LOOK_MS });
  const [isEdited, setEdited] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const remove = useAction('deleteEventFeed', { done: () => setProblem(undefined), failed: setProblem });
  const feed = data?.feed;
  const change = (
    <div className="flex gap-2">
      <Button operation="putEventFeed" onClick={() => setEdited(true)}>
        {feed ? 'Change' : 'Set up'}
      </Button>
      {feed && (
        <Confirm
          title="End the feed of events?"
          description="Events that wait are not sent any more. Executions and sessions keep theirs."
          confirm="End it"
          run={() => remove.mutate({})}
        >
          {(ask) => (
            <Button operation="deleteEventFeed" kind="danger" busy={remove.isPending} onClick={ask}>
              End
            </Button>
          )}
        </Confirm>
      )}
    </div>
  );
  return (
    <Panel title="Event feed" actions={data && change}>
      {feed && <State feed={feed} />}
      {feed === null && (
        <p className="text-muted">
          Every event of executions and sessions can go to Kafka, RabbitMQ, Redis or NATS as it happens, for audit and
          analytics.
        </p>
      )}
      {error && !data && <ProblemNote error={error} retry={() => void refetch()} />}
      {problem && <ProblemNote error={problem} />}
      {isEdited && <EventFeedDialog feed={feed ?? null} onClose={() => setEdited(false)} />}
    </Panel>
  );
}

function State({ feed }: { readonly feed: EventFeedAnswer }) {
  const { connection, type, target, error, retryAt, waiting, oldestAt } = feed;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{connection}</span>
        <Badge>{type}</Badge>
        <span className="min-w-0 truncate font-mono text-muted text-xs">{placeOf(target)}</span>
      </div>
      <p className="flex items-center gap-2 text-muted" role="status">
        <Badge tone={error === null ? 'ok' : 'bad'}>{error === null ? 'works' : 'fails'}</Badge>
        <span className="min-w-0 break-words">
          {error !== null && `${error.message} `}
          {waiting === 0 ? 'Everything is sent.' : `${waiting.toLocaleString()} events wait, the oldest written `}
          {waiting > 0 && <Ago at={oldestAt} />}
          {waiting > 0 && '.'}
          {retryAt !== null && ' It tries again by itself.'}
        </span>
      </p>
    </div>
  );
}

const placeOf = (target: EventFeedAnswer['target']): string =>
  Object.entries(target)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
