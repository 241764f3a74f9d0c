/** When a schedule fires next, as it is written now: by the clocks of who reads, and by its own where they differ. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ScheduleTimes as Times } from '../../../../../src/contract/schedules.ts';
import type { Request } from '../../../api/call.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { useApi } from '../../../api/query.ts';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { Ago } from '../../../components/time.tsx';
import { wallClock, wallClockHere, weekday } from '../../../components/wall-clock.ts';
import { RestFaults } from './panel-frame.tsx';
import type { TriggerPartProps } from './panel-props.ts';

const COUNT = 5;
const REST_MS = 350;
/** Between two answers to one config, however often it fires, and however seldom. */
const [LEAST_MS, MOST_MS] = [2_000, 3_600_000];

export function ScheduleTimes({ trigger, faults }: TriggerPartProps) {
  const { id: _id, type: _type, position: _position, ...config } = useRested(trigger);
  const isSet = [config.cron, config.every, config.at].some((one) => one !== undefined);
  const next = useApi(
    'previewSchedule',
    // Whatever was typed: the server says what does not fit.
    { query: { count: COUNT }, body: config as NonNullable<Request<'previewSchedule'>['body']> },
    { enabled: isSet, refetchInterval: ({ state }) => untilPassed(state.data) },
  );
  // Neither times nor faults flicker while the next answer is on its way.
  const settled = useRef(next);
  if (!next.isPending) settled.current = next;
  const { data, error } = settled.current;
  const content = () => {
    if (!isSet) return <Note>Give it a pattern, an interval or a moment, and its next times stand here.</Note>;
    if (error instanceof ApiProblem && error.errors.length > 0) return <Faults problem={error} known={faults} />;
    if (error) return <ProblemNote error={error} retry={() => void next.refetch()} />;
    if (data === undefined) return <Loading />;
    if (data.times.length === 0) return <Note>It does not fire any more.</Note>;
    return (
      <>
        <Clocks {...data} />
        {typeof config.jitter === 'string' && <Note>Each starts up to {config.jitter} later.</Note>}
      </>
    );
  };
  return (
    <section aria-label="Next times" className="flex flex-col gap-1 rounded-md border border-line p-2.5">
      <h3 className="flex justify-between gap-2 font-medium text-muted text-xs">
        Next times
        {isSet && !error && data?.times[0] && (
          <span className="font-normal text-faint">
            <Ago at={data.times[0].at} />
          </span>
        )}
      </h3>
      {content()}
    </section>
  );
}

function Clocks({ timezone, times }: Times) {
  const differs = times.some(({ at, local }) => wallClockHere(at) !== wallClock(local));
  return (
    <table className="w-full text-left text-xs tabular-nums">
      <thead>
        <tr className="text-faint">
          <th className="pr-3 font-normal">{differs ? 'Your clock' : `Your clock, as in ${timezone}`}</th>
          {differs && <th className="font-normal [overflow-wrap:anywhere]">{timezone}</th>}
        </tr>
      </thead>
      <tbody>
        {times.map(({ at, local }) => (
          <tr key={at}>
            <Clock text={wallClockHere(at)} title={at} />
            {differs && <Clock text={wallClock(local)} title={local} />}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Clock = ({ text, title }: { readonly text: string; readonly title: string }) => (
  <td title={title} className="whitespace-nowrap py-0.5 pr-3">
    {weekday(text)} {text}
  </td>
);

/** What is said above already is not said twice. */
function Faults({ problem, known }: { readonly problem: ApiProblem; readonly known: TriggerPartProps['faults'] }) {
  const faults = problem.errors.map(({ path, message }) => ({ path: path.replace(/^body\.?/, ''), message }));
  const rest = faults.filter((one) => !known.some(({ path, message }) => path === one.path && message === one.message));
  if (rest.length === 0) return <Note>Mend what is marked above, and its next times stand here.</Note>;
  return <RestFaults faults={rest} />;
}

const Note = ({ children }: { readonly children: ReactNode }) => <p className="text-faint text-xs">{children}</p>;

/** The value once it has not changed for a moment. */
function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

/** Milliseconds until the first time has passed, and another one comes at the end. */
function untilPassed(answer: Times | undefined): number | false {
  const first = answer?.times[0];
  if (first === undefined) return false;
  return Math.min(Math.max(Date.parse(first.at) - Date.now(), LEAST_MS), MOST_MS);
}
