/** Calls of models of a node, and of all inside of it: how many tokens, how long, what they cost. */
import type { CallAnswer } from '../../../../../src/contract/ledger.ts';
import { Loading } from '../../../components/loading.tsx';
import { money } from '../../../components/money.ts';
import { ProblemNote } from '../../../components/problem.tsx';
import { Badge } from '../../../components/status.tsx';
import { Took } from '../../../components/time.tsx';
import type { Tone } from '../../../components/tone.ts';
import { useCalls } from './reading.ts';
import { useRun } from './view.tsx';

const TONES: Readonly<Record<CallAnswer['status'], Tone>> = {
  open: 'info',
  refused: 'bad',
  paid: 'ok',
  free: 'neutral',
  unknown: 'warn',
};

export function Calls({ path }: { readonly path: string }) {
  const { execution, choose } = useRun();
  const list = useCalls(execution.id);
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Loading />;
  const calls = list.data.pages
    .flatMap(({ items }) => items)
    .filter((one) => one.path === path || one.path.startsWith(`${path}[`));
  if (calls.length === 0) return <p className="text-faint text-xs">It has called no model yet.</p>;
  return (
    <>
      <ul className="divide-y divide-line rounded-md border border-line">
        {calls.map(({ id, path: place, model, status, usage, cost, estimate, currency, startedAt, settledAt }) => (
          <li key={id} className="px-2.5 py-1.5 text-xs">
            <p className="flex items-center gap-2">
              <button
                type="button"
                className="min-w-0 truncate font-mono hover:underline"
                onClick={() => choose(place)}
              >
                {place}
              </button>
              {status !== 'paid' && status !== 'free' && <Badge tone={TONES[status]}>{status}</Badge>}
              <span className="ml-auto tabular-nums" title={`Estimated at ${money(estimate, currency)}`}>
                {money(cost, currency)}
              </span>
            </p>
            <p className="flex gap-3 text-muted tabular-nums">
              <span className="min-w-0 flex-1 truncate">{model}</span>
              {usage && `${usage.inputTokens.toLocaleString()} in · ${usage.outputTokens.toLocaleString()} out`}
              <Took from={startedAt} to={settledAt} />
            </p>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <button type="button" className="text-accent text-xs hover:underline" onClick={() => void list.fetchNextPage()}>
          More calls
        </button>
      )}
    </>
  );
}
