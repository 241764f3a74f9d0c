/** The trigger that was chosen: where it listens, how it is, when it fires next, and its config. */
import { Link } from '@tanstack/react-router';
import { Copy, X } from 'lucide-react';
import type { TriggerAnswer, TriggerStateAnswer } from '../../../../src/contract/triggers.ts';
import { useAction, useApi } from '../../api/query.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Facts } from '../../components/facts.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import { useEscape } from '../../components/use-escape.ts';
import { wallClock } from '../../components/wall-clock.ts';
import { Next } from './next.tsx';

interface DetailsProps {
  readonly trigger: TriggerAnswer;
  readonly close: () => void;
}

export function Details({ trigger, close }: DetailsProps) {
  const { workflowId, workflowName, name, url, config, type, state } = trigger;
  const address = url === null ? null : location.origin + url;
  useEscape(close);
  return (
    <aside
      aria-label="The chosen trigger"
      className="flex flex-col gap-3 overflow-auto border-line border-t p-4 lg:border-t-0 lg:border-l"
    >
      <header className="flex items-center gap-2">
        <h2 className="mr-auto min-w-0 truncate font-medium text-base" title={name}>
          {name}
        </h2>
        <IconButton label="Close" keys="Esc" onClick={close}>
          <X size={16} />
        </IconButton>
      </header>
      <p className="text-muted">
        A {type} trigger of{' '}
        <Link to="/workflows/$id" params={{ id: workflowId }} className="text-accent underline">
          {workflowName}
        </Link>
      </p>
      {address && (
        <div className="flex items-center gap-1 rounded-md bg-ground px-2 py-1 font-mono text-xs">
          <span className="min-w-0 flex-1 break-all">{address}</span>
          <IconButton label="Copy the address" onClick={() => void copy(address)}>
            <Copy size={13} />
          </IconButton>
        </div>
      )}
      {state !== null && <HowItIs state={state} />}
      {type === 'schedule' && <NextTimes trigger={trigger} />}
      {type === 'poll' && <Looks trigger={trigger} />}
      <Panel title="Config">
        <JsonView value={config} />
      </Panel>
      <Link to="/executions" search={{ workflow: workflowName }} className="text-accent hover:underline">
        What it started
      </Link>
    </aside>
  );
}

/** Of a schedule: when it fires next, in its own time zone. */
function NextTimes({ trigger: { id, active, lastAt } }: { readonly trigger: TriggerAnswer }) {
  const next = useApi('nextTimes', { params: { id }, query: { count: 10 } });
  return (
    <Panel title={active ? 'Next times' : 'Next times, were it active'}>
      <p className="mb-2 text-muted">
        Last fired: <Ago at={lastAt} />
      </p>
      <Loaded
        query={next}
        isEmpty={({ times }) => times.length === 0}
        empty={<p className="text-muted">It does not fire any more.</p>}
      >
        {({ timezone, times }) => (
          <ol className="flex flex-col gap-1">
            {times.map(({ at, local }) => (
              <li key={at} className="flex justify-between gap-3 tabular-nums">
                <span title={local}>{wallClock(local)}</span>
                <span className="text-faint">
                  <Ago at={at} />
                </span>
              </li>
            ))}
            <li className="text-faint text-xs">{timezone}</li>
          </ol>
        )}
      </Loaded>
    </Panel>
  );
}

/** Of a poll: when it looked and when it does again, and a button for what does not want to wait. */
function Looks({ trigger: { id, active, nextAt, lastAt, config } }: { readonly trigger: TriggerAnswer }) {
  const poll = useAction('pollNow');
  return (
    <Panel
      title="Looks"
      actions={
        active && (
          <Button
            operation="pollNow"
            className="h-7!"
            busy={poll.isPending}
            onClick={() => poll.mutate({ params: { id } })}
          >
            Look now
          </Button>
        )
      }
    >
      <Facts
        facts={[
          ['The last', lastAt === null ? 'none yet' : <Ago key="last" at={lastAt} past />],
          ['The next', active ? <Next key="next" at={nextAt} /> : 'when the workflow is active'],
          ...rateOf(config),
        ]}
      />
    </Panel>
  );
}

/** What it may ask, where that is limited. */
function rateOf({ rate }: TriggerAnswer['config']): readonly (readonly [string, string])[] {
  const { limit, per } = (rate ?? {}) as { readonly limit?: number; readonly per?: string };
  return limit === undefined ? [] : [['At most', `${limit} ${limit === 1 ? 'request' : 'requests'} in ${per}`]];
}

/** Of one that listens or looks by itself: what is wrong, and what it has taken. */
function HowItIs({ state }: { readonly state: TriggerStateAnswer }) {
  const { status, error, since, lastMessageAt, messages, lag } = state;
  return (
    <Panel title="How it is">
      <p className="flex items-center gap-2">
        <Status status={status} />
        <span className="text-faint">
          since <Ago at={since} />
        </span>
      </p>
      {error !== null && (
        <p role="alert" className="mt-2 text-bad">
          {error.message}
        </p>
      )}
      <div className="mt-2 tabular-nums">
        <Facts
          facts={[
            ['Taken', messages.toLocaleString()],
            ['The last', lastMessageAt === null ? 'none yet' : <Ago key="last" at={lastMessageAt} />],
            ...(lag === null ? [] : [['Waiting outside', lag.toLocaleString()] as const]),
          ]}
        />
      </div>
    </Panel>
  );
}
