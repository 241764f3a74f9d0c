/** Why it goes no further: each thing it waits for, in words, with what can be done about it here. */
import { Link } from '@tanstack/react-router';
import { Copy, Hourglass } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { isObject } from '../../../../../src/core/json.ts';
import { useAction } from '../../../api/query.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { copy } from '../../../components/copy.ts';
import { leavesFocus } from '../../../components/heir.ts';
import { ProblemNote } from '../../../components/problem.tsx';
import { exact, useNow } from '../../../components/time.tsx';
import { nameOf } from './address.ts';
import { DecideButtons } from './decide.tsx';
import { useReadAgain } from './reading.ts';
import { useRun } from './view.tsx';
import { aheadWords, assigneesOf, conditionOf, countdown, titleOf, type Wait, waitWords } from './wait-words.ts';

const Answer = lazy(() => import('./answer.tsx'));

/** More than these are shown on demand. */
const FIRST = 4;

export function Waits() {
  const { execution } = useRun();
  const [isWhole, setWhole] = useState(false);
  const waits = execution.waitingFor;
  if (waits.length === 0) return null;
  // A line that says that there is one more takes the room of that one.
  const shown = isWhole || waits.length === FIRST + 1 ? waits : waits.slice(0, FIRST);
  return (
    <section
      ref={leavesFocus}
      aria-label="What it waits for"
      className="max-h-56 overflow-auto border-line border-b bg-warn-soft px-4 py-2 md:px-6"
    >
      <ul className="space-y-1.5">
        {shown.map((wait) => (
          <li key={`${wait.path} ${wait.reason} ${wait.waitId ?? wait.lane ?? ''}`} className="flex items-start gap-2">
            <Hourglass size={14} className="mt-0.5 shrink-0 text-warn" />
            <div className="min-w-0 flex-1">
              <WaitLine wait={wait} />
            </div>
          </li>
        ))}
      </ul>
      {waits.length > shown.length && (
        <button type="button" className="mt-1 text-accent text-xs hover:underline" onClick={() => setWhole(true)}>
          {waits.length - shown.length} more
        </button>
      )}
    </section>
  );
}

export function WaitLine({ wait, bare = false }: { readonly wait: Wait; readonly bare?: boolean }) {
  const { choose, execution } = useRun();
  const node = execution.nodes.find(({ path }) => path === wait.path);
  return (
    <div className="space-y-1">
      <div className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
        {wait.path !== undefined && !bare && (
          <button type="button" className="break-all font-medium hover:underline" onClick={() => choose(wait.path)}>
            {wait.path}
          </button>
        )}
        <span className={bare ? 'first-letter:uppercase' : ''}>{waitWords(wait)}</span>
        {wait.ahead !== undefined && <span className="text-muted">– {aheadWords(wait.ahead)}</span>}
        {wait.until && (
          <Countdown until={wait.until} isTimeout={['approval', 'callback', 'event'].includes(wait.reason)} />
        )}
        {wait.executionId && (
          <Link
            to="/executions/$id"
            params={{ id: wait.executionId }}
            className="font-mono text-accent text-xs hover:underline"
          >
            {wait.executionId}
          </Link>
        )}
        {wait.reason === 'approval' && wait.waitId !== undefined && <Question wait={wait} id={wait.waitId} />}
      </div>
      {wait.reason === 'retry' && node?.error && !bare && (
        <p className="break-words text-muted text-xs">
          Attempt {node.attempt}: {node.error.message} ({node.error.code})
        </p>
      )}
      {wait.reason === 'callback' && <Callback path={wait.path ?? ''} />}
      {conditionOf(wait.details) && (
        <p className="break-all font-mono text-muted text-xs">{conditionOf(wait.details)}</p>
      )}
    </div>
  );
}

function Countdown({ until, isTimeout }: { readonly until: string; readonly isTimeout: boolean }) {
  const clock = useNow();
  const { moment } = useRun();
  const now = moment === undefined ? clock : Date.parse(moment);
  return (
    <span className="text-muted" title={exact(until)}>
      {isTimeout ? 'time-out in ' : 'in '}
      <span className="font-medium text-text tabular-nums">{countdown(Date.parse(until) - now)}</span>
    </span>
  );
}

function Question({ wait, id }: { readonly wait: Wait; readonly id: string }) {
  const { execution, at } = useRun();
  const readAgain = useReadAgain(execution.id);
  const [isAnswering, setAnswering] = useState(false);
  const title = titleOf(wait.details);
  const hasForm = isObject(wait.details) && wait.details.form !== undefined && wait.details.form !== null;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <a className="text-accent hover:underline" href={`/approvals?id=${id}`}>
        {title ?? 'To the approval'}
      </a>
      {at === undefined && !hasForm && <DecideButtons id={id} assignees={assigneesOf(wait.details)} />}
      {at === undefined && hasForm && (
        <Button operation="decideApproval" className="h-7! px-2! text-xs" onClick={() => setAnswering(true)}>
          Fill in and decide
        </Button>
      )}
      {isAnswering && (
        <Suspense fallback={null}>
          <Answer id={id} title={title ?? 'Decide'} onDecided={readAgain} close={() => setAnswering(false)} />
        </Suspense>
      )}
    </span>
  );
}

/** The address is a secret: it is told when somebody asks, to who may act on the execution. */
function Callback({ path }: { readonly path: string }) {
  const { execution, at } = useRun();
  const [fault, setFault] = useState<Error>();
  const tell = useAction('tellCallbackAddress', { failed: setFault });
  const address = tell.data && `${tell.data.url}/${nameOf(path)}`;
  if (at !== undefined) return null;
  if (address === undefined) {
    return (
      <>
        <Button
          operation="tellCallbackAddress"
          className="h-7! px-2! text-xs"
          busy={tell.isPending}
          onClick={() => tell.mutate({ params: { id: execution.id } })}
        >
          Show its address
        </Button>
        {fault && <ProblemNote error={fault} />}
      </>
    );
  }
  return (
    <p className="flex items-center gap-1 text-xs">
      <code className="break-all font-mono">POST {address}</code>
      <IconButton label="Copy the address" onClick={() => void copy(address)}>
        <Copy size={12} />
      </IconButton>
    </p>
  );
}
