/** What a session was after any of its events: a slider walks through them. */
import { useEffect, useRef, useState } from 'react';
import type { Session } from '../../../../src/contract/sessions.ts';
import { NANOS } from '../../../../src/core/money.ts';
import { useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/facts.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { count, money } from '../../components/money.ts';
import { exact } from '../../components/time.tsx';
import { useCurrency } from './currency.ts';

/** A drag passes many events; those it rests on are read. */
const REST_MS = 60;

interface SessionStateProps {
  readonly session: Session;
  readonly at: number | undefined;
  readonly last: number;
  readonly choose: (seq: number | undefined) => void;
}

export function SessionState({ session, at, last, choose }: SessionStateProps) {
  const state = useApi(
    'getSessionState',
    { params: { id: session.id }, query: { ...(at !== undefined && { at }) } },
    { keep: true },
  );
  const currency = useCurrency();
  const [moved, setMoved] = useState<number>();
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);
  const shown = moved ?? at ?? last;
  const move = (seq: number) => {
    setMoved(seq);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      setMoved(undefined);
      choose(seq === last ? undefined : seq);
    }, REST_MS);
  };
  return (
    <aside
      aria-label="State"
      className="flex min-h-0 flex-col gap-4 overflow-auto border-line border-t p-4 lg:border-t-0 lg:border-l"
    >
      <div>
        <div className="flex items-center justify-between">
          <label htmlFor="moment" className="font-medium">
            After event {shown} of {last}
          </label>
          {at !== undefined && (
            <Button kind="quiet" onClick={() => choose(undefined)}>
              Back to now
            </Button>
          )}
        </div>
        <input
          id="moment"
          type="range"
          min={1}
          max={last}
          value={shown}
          onChange={(event) => move(Number(event.target.value))}
          className="w-full accent-accent"
        />
      </div>
      <Loaded query={state} isEmpty={() => false} empty={null}>
        {({ agent, userId, startedAt, lastActivity, summary, intent, context, counters, messages }) => (
          <>
            <Facts
              facts={[
                ['agent', agent],
                ['user', userId ?? 'unknown'],
                ['began', exact(startedAt)],
                ['active', exact(lastActivity)],
                ['messages', String(counters.messages)],
                [
                  'calls of models',
                  counters.failedModelCalls > 0
                    ? `${counters.modelCalls}, ${counters.failedModelCalls} failed`
                    : String(counters.modelCalls),
                ],
                [
                  'calls of tools',
                  counters.failedToolCalls > 0
                    ? `${counters.toolCalls}, ${counters.failedToolCalls} failed`
                    : String(counters.toolCalls),
                ],
                ['tokens', `${count(counters.inputTokens)} in, ${count(counters.outputTokens)} out`],
                ['cost', money(counters.cost / NANOS, currency)],
                ...(intent
                  ? ([['intent', `${intent.intent} (${Math.round(intent.confidence * 100)} %)`]] as [string, string][])
                  : []),
              ]}
            />
            {summary && (
              <section>
                <h2 className="mb-1 font-medium">Summary</h2>
                <p className="text-muted">{summary}</p>
              </section>
            )}
            <section>
              <h2 className="mb-1 font-medium">What it remembers</h2>
              {Object.keys(context).length === 0 ? (
                <p className="text-faint">Nothing yet</p>
              ) : (
                <JsonView value={context} />
              )}
            </section>
            <section>
              <h2 className="mb-1 font-medium">Messages it has</h2>
              <JsonView value={messages} depth={0} />
            </section>
          </>
        )}
      </Loaded>
    </aside>
  );
}
