/** For who is new here: three steps that teach, until a few executions have run or they are put away. */
import { Link } from '@tanstack/react-router';
import { Copy, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useApi, useApiAll } from '../../api/query.ts';
import { useRefusal } from '../../api/role.ts';
import { IconButton } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { keep, readKept } from '../../components/storage.ts';

const PLACE = 'myelin.first-steps';
/** Whoever has run this many knows the way. */
const ENOUGH = 5;
const EXAMPLE = 'incident-triage';
const BODY = '{"service":"search","log":"out of memory"}';

export function FirstSteps() {
  const [isAway, setIsAway] = useState(() => readKept(PLACE) === 'away');
  const refusal = useRefusal()('createWorkflow');
  const ran = useApi('listExecutions', { query: { limit: ENOUGH } }, { enabled: !isAway });
  // What they teach is for who may make a workflow.
  if (isAway || refusal !== undefined || ran.data === undefined || ran.data.items.length >= ENOUGH) return null;
  const putAway = () => {
    keep(PLACE, 'away');
    setIsAway(true);
  };
  return <Steps putAway={putAway} />;
}

function Steps({ putAway }: { readonly putAway: () => void }) {
  const workflows = useApiAll('listWorkflows');
  const webhooks = useApiAll('listWebhooks');
  const example = workflows.data?.items.find(({ name }) => name === EXAMPLE);
  const hook = webhooks.data?.items.find(({ workflowId }) => workflowId === example?.id);
  const line = `curl -H 'content-type: application/json' -d '${BODY}' ${location.origin}${hook?.url ?? ''}`;
  return (
    <section aria-label="First steps" className="relative rounded-lg border border-line bg-panel p-4">
      <h2 className="mb-3 font-medium text-base">Three steps to begin with</h2>
      <div className="absolute top-3 right-3">
        <IconButton label="Put these steps away" onClick={putAway}>
          <X size={15} />
        </IconButton>
      </div>
      <ol className="grid gap-4 md:grid-cols-3">
        <Step number={1} title="Look at an example">
          {example ? (
            <>
              <Link to="/workflows/$id" params={{ id: example.id }} className="text-accent underline">
                {EXAMPLE}
              </Link>{' '}
              sorts incidents by an agent and asks a person before it restarts anything.
            </>
          ) : (
            <>
              Each of the{' '}
              <Link to="/templates" className="text-accent underline">
                templates
              </Link>{' '}
              shows its graph; one click makes it yours.
            </>
          )}
        </Step>
        <Step number={2} title="Make something happen">
          {hook ? (
            <>
              Send an incident from a terminal, then watch it under{' '}
              <Link to="/executions" className="text-accent underline">
                Executions
              </Link>
              .
              <span className="mt-2 flex items-start gap-1 rounded-md bg-ground p-2">
                <code className="min-w-0 flex-1 break-all font-mono text-xs">{line}</code>
                <IconButton label="Copy the command" onClick={() => void copy(line)}>
                  <Copy size={13} />
                </IconButton>
              </span>
            </>
          ) : (
            <>
              Run a workflow from{' '}
              <Link to="/workflows" className="text-accent underline">
                the list
              </Link>
              : each run becomes an execution, of which every step is kept.
            </>
          )}
        </Step>
        <Step number={3} title="Make your own">
          Begin with{' '}
          <Link to="/workflows/new" className="text-accent underline">
            an empty one
          </Link>
          , or with a{' '}
          <Link to="/templates" className="text-accent underline">
            template
          </Link>{' '}
          that runs at once.
        </Step>
      </ol>
    </section>
  );
}

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}

const Step = ({ number, title, children }: StepProps) => (
  <li className="flex min-w-0 gap-3">
    <span className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft font-medium text-accent text-xs">
      {number}
    </span>
    <div className="min-w-0">
      <p className="font-medium">{title}</p>
      <div className="text-muted">{children}</div>
    </div>
  </li>
);
