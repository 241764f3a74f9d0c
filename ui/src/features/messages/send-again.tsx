/** Sends a webhook once more, as it was, and shows the entry that this makes. */
import { Send } from 'lucide-react';
import { useState } from 'react';
import type { DeliveryAnswer } from '../../../../src/contract/deliveries.ts';
import { useAction } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { newKey } from '../../components/new-key.ts';
import { ProblemNote } from '../../components/problem.tsx';

interface SendAgainProps {
  readonly delivery: DeliveryAnswer;
  /** Looks at another, by its id. */
  readonly open: (id: string) => void;
}

export function SendAgain({ delivery: { id, connection, isKept }, open }: SendAgainProps) {
  // Who clicks again because no answer came means the same sending.
  const [key, setKey] = useState(newKey);
  const send = useAction('resendDelivery', {
    done: (sent) => {
      setKey(newKey());
      open(sent.id);
    },
    // It stands below.
    failed: () => undefined,
  });
  if (!isKept)
    return <p className="text-faint text-xs">What it said is not kept: to send it again, retry its execution.</p>;
  return (
    <section className="flex flex-col items-start gap-2">
      <Button
        operation="resendDelivery"
        icon={<Send size={14} />}
        busy={send.isPending}
        onClick={() => send.mutate({ params: { id }, headers: { 'idempotency-key': key } })}
      >
        Send again
      </Button>
      <p className="text-faint text-xs">
        The same body under the same webhook-id, to where {connection} leads now. A receiver that has taken it may drop
        it.
      </p>
      {send.error && <ProblemNote error={send.error} />}
    </section>
  );
}
