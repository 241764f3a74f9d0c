/** One attempt to send a webhook: by which node, how it was answered, and the way to its execution. */
import { Link } from '@tanstack/react-router';
import type { DeliveryAnswer } from '../../../../src/contract/deliveries.ts';
import { Facts } from '../../components/facts.tsx';
import { span } from '../../components/spans.ts';
import { Badge } from '../../components/status.tsx';
import { exact } from '../../components/time.tsx';
import { SendAgain } from './send-again.tsx';
import { isTaken, type SentSearch } from './sent.ts';
import { SidePanel } from './side-panel.tsx';

interface SentPanelProps {
  /** Undefined: none of those that are listed. */
  readonly delivery: DeliveryAnswer | undefined;
  readonly close: () => void;
  readonly filter: (part: SentSearch) => void;
  /** Looks at another, by its id, however it was answered. */
  readonly open: (id: string) => void;
}

export function SentPanel({ delivery, close, filter, open }: SentPanelProps) {
  if (delivery === undefined)
    return (
      <SidePanel label="Webhook" title="Webhook" close={close}>
        <p className="text-muted">
          This attempt is not among those listed. It may be further down, left out by the filters, or removed with its
          execution.
        </p>
      </SidePanel>
    );
  const { type, executionId, path, connection, attempt, messageId, durationMs, at, status, repeats } = delivery;
  const only = (part: SentSearch, label: string) => (
    <button type="button" className="text-accent hover:underline" onClick={() => filter(part)}>
      {label}
    </button>
  );
  return (
    <SidePanel label={`Webhook ${type}`} title={type} close={close}>
      <Facts
        facts={[
          [
            'Answer',
            <Badge key="answer" tone={isTaken(delivery) ? 'ok' : 'bad'}>
              {status ?? 'no answer'}
            </Badge>,
          ],
          ['Sent', exact(at)],
          ['Took', span(durationMs)],
          repeats === null ? ['Attempt', attempt] : ['Sent again', <Repeats key="repeats" id={repeats} open={open} />],
          ['Connection', only({ connection }, connection)],
          [
            'Node',
            <Link
              key="node"
              to="/executions/$id"
              params={{ id: executionId }}
              search={{ node: path }}
              className="text-accent hover:underline"
            >
              <code className="text-xs">{path}</code>
            </Link>,
          ],
          [
            'Execution',
            <span key="execution">
              <Link to="/executions/$id" params={{ id: executionId }} className="text-accent hover:underline">
                <code className="text-xs">{executionId}</code>
              </Link>
              <br />
              {only({ execution: executionId }, 'All it has sent')}
            </span>,
          ],
          [
            'webhook-id',
            <code key="id" className="text-xs">
              {messageId}
            </code>,
          ],
        ]}
      />
      <section className="flex flex-col gap-2">
        <h3 className="font-medium text-muted text-xs">What came back</h3>
        <CameBack {...delivery} />
      </section>
      <SendAgain delivery={delivery} open={open} />
    </SidePanel>
  );
}

function Repeats({ id, open }: { readonly id: string; readonly open: (id: string) => void }) {
  return (
    <button type="button" className="text-accent hover:underline" onClick={() => open(id)}>
      by hand, after this attempt
    </button>
  );
}

function CameBack({ error, response }: DeliveryAnswer) {
  if (error !== null)
    return (
      <p>
        Nothing:{' '}
        <a
          className="font-mono text-xs underline decoration-dotted"
          href={`/docs/errors#${error}`}
          target="_blank"
          rel="noreferrer"
        >
          {error}
        </a>
      </p>
    );
  if (response === null) return <p className="text-faint">It is not kept: the workflow masks what comes in.</p>;
  if (response === '') return <p className="text-faint">An answer without text.</p>;
  return (
    <pre className="whitespace-pre-wrap rounded-md border border-line bg-ground p-2 font-mono text-xs [overflow-wrap:anywhere]">
      {response}
    </pre>
  );
}
