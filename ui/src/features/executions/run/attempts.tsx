/** Each attempt of a node: when its turn came, how long it worked, why it failed, when the next was due. */
import type { NodeDetailAnswer } from '../../../../../src/contract/execution-nodes.ts';
import { span } from '../../../components/spans.ts';
import { Status } from '../../../components/status.tsx';
import { exact, Took } from '../../../components/time.tsx';
import { useRun } from './view.tsx';

/** A shorter time in the queue is none. */
const QUEUED_MS = 50;

interface AttemptsProps extends Pick<NodeDetailAnswer, 'attempts'> {
  /** The message that stands above them already: an attempt that failed with the same has its code only. */
  readonly said?: string | undefined;
}

export function Attempts({ attempts, said }: AttemptsProps) {
  const { moment } = useRun();
  return (
    <ol className="divide-y divide-line rounded-md border border-line">
      {attempts.map(({ attempt, scheduledAt, startedAt, finishedAt, error, retryAt }) => {
        const queued = scheduledAt === null ? 0 : Date.parse(startedAt) - Date.parse(scheduledAt);
        return (
          <li key={`${attempt} ${startedAt}`} className="px-2.5 py-1.5 text-xs">
            <p className="flex flex-wrap items-center gap-x-3">
              <span className="font-medium">{attempt}</span>
              <Status status={finishedAt === null ? 'running' : error === null ? 'completed' : 'failed'} />
              <span className="text-faint" title={exact(startedAt)}>
                {new Date(startedAt).toLocaleTimeString()}
              </span>
              {queued > QUEUED_MS && <span className="text-faint">{span(queued)} in the queue</span>}
              <span className="ml-auto text-muted">
                <Took from={startedAt} to={finishedAt ?? moment ?? null} />
              </span>
            </p>
            {error && (
              <p className="break-words text-muted">
                {error.message !== said && `${error.message} `}
                <code className="font-mono">{error.message === said ? error.code : `(${error.code})`}</code>
                {retryAt !== null && finishedAt !== null && (
                  <span className="text-faint"> · next after {span(Date.parse(retryAt) - Date.parse(finishedAt))}</span>
                )}
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
