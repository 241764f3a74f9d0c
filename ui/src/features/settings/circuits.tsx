/** Hosts and models that fail: they are left alone for a while, and tried again by a probe. */
import { Link } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useAction, useApi } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { hasNone, Loaded } from '../../components/loaded.tsx';
import { Badge } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import type { Tone } from '../../components/tone.ts';

const TONES: Readonly<Record<string, Tone>> = { closed: 'ok', open: 'bad', half_open: 'warn' };
/** Circuits change without a word from the server. */
const LOOK_MS = 3_000;

export default function Circuits() {
  const circuits = useApi('listCircuitBreakers', {}, { refetchInterval: LOOK_MS });
  const reset = useAction('resetCircuitBreaker');
  return (
    <Loaded
      query={circuits}
      isEmpty={hasNone}
      empty={
        <Empty
          icon={<ShieldCheck size={20} />}
          title="Everything outside is well"
          action={
            <Link to="/executions" search={{ status: 'failed' }} className="text-accent hover:underline">
              To what failed
            </Link>
          }
        >
          A host or model that fails again and again is left alone for a while; it would stand here.
        </Empty>
      }
    >
      {({ items }) => (
        <ul className="flex flex-col divide-y divide-line rounded-lg border border-line bg-panel">
          {items.map(({ name, state, calls, failures, openUntil }) => (
            <li key={name} className="flex items-center gap-3 px-4 py-2.5">
              <Badge tone={TONES[state] ?? 'neutral'}>{state.replace('_', ' ')}</Badge>
              <span className="min-w-0 flex-1 truncate font-mono text-xs">{name}</span>
              <span className="text-muted">
                {failures} of {calls} failed
              </span>
              {openUntil && (
                <span className="text-muted">
                  probe <Ago at={openUntil} />
                </span>
              )}
              {state !== 'closed' && (
                <Button
                  operation="resetCircuitBreaker"
                  busy={reset.isPending}
                  onClick={() => reset.mutate({ params: { name } })}
                >
                  Close it
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}
