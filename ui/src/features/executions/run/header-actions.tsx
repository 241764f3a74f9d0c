/** What can be done with the execution as a whole: the likely things as buttons, the rest behind `More`. */
import { useNavigate } from '@tanstack/react-router';
import { Copy, Ellipsis, Pause, Play, RotateCcw, RotateCw, Square, Trash2, Undo2, Workflow } from 'lucide-react';
import { useState } from 'react';
import type { Status } from '../../../../../src/core/execution/status.ts';
import { useAction } from '../../../api/query.ts';
import { Button, IconButton } from '../../../components/button.tsx';
import { copy } from '../../../components/copy.ts';
import { Menu, type MenuItem } from '../../../components/menu.tsx';
import { NewerVersion } from '../../../components/newer-version.tsx';
import { nodesOf } from '../../../graph/document.ts';
import { hasWorkflow } from '../name-of.ts';
import { Ask } from './ask.tsx';
import { possibleFor } from './possible.ts';
import { readWhole, useReadAgain } from './reading.ts';
import { useRun } from './view.tsx';

const WORDS = {
  cancel: {
    title: 'Cancel this execution?',
    description: 'What is at work is stopped, and what waits is called off. It cannot go on afterwards.',
    confirm: 'Cancel it',
    danger: true,
  },
  compensate: {
    title: 'Cancel, and undo what was done?',
    description: 'The compensations of its nodes run, the last one first. It cannot go on afterwards.',
    confirm: 'Undo it',
    danger: true,
  },
  retry: {
    title: 'Retry this execution?',
    description: 'It goes on from what failed; every result before that is kept.',
    confirm: 'Retry',
    danger: false,
  },
  again: {
    title: 'Run it again with the same input?',
    description: 'A new execution starts, on the present version of the workflow.',
    confirm: 'Run again',
    danger: false,
  },
  remove: {
    title: 'Delete this execution?',
    description: 'It goes with its whole history, for ever.',
    confirm: 'Delete it',
    danger: true,
  },
} as const;
type Asked = keyof typeof WORDS;

export function HeaderActions() {
  const { execution, definition, at } = useRun();
  const { id, status, workflowId, version } = execution;
  const navigate = useNavigate();
  const readAgain = useReadAgain(id);
  const [asked, setAsked] = useState<Asked>();
  const [fault, setFault] = useState<Error>();
  const done = () => {
    setAsked(undefined);
    readAgain();
  };
  const outcome = { done, failed: setFault };
  const pause = useAction('pauseExecution', { done: readAgain });
  const resume = useAction('resumeExecution', { done: readAgain });
  const cancel = useAction('cancelExecution', outcome);
  const retry = useAction('retryExecution', outcome);
  const remove = useAction('deleteExecution', {
    failed: setFault,
    done: () => void navigate({ to: '/executions', search: {} }),
  });
  const execute = useAction('executeWorkflow', {
    failed: setFault,
    done: (answer) => {
      setAsked(undefined);
      if ('executionId' in answer) void navigate({ to: '/executions/$id', params: { id: answer.executionId } });
    },
  });
  const params = { id };
  const run = (reason: string | undefined) => {
    setFault(undefined);
    const body = reason === undefined ? {} : { reason };
    if (asked === 'cancel') cancel.mutate({ params, body });
    if (asked === 'compensate') cancel.mutate({ params, body: { ...body, compensate: true } });
    if (asked === 'retry') retry.mutate({ params, body });
    if (asked === 'remove') remove.mutate({ params });
    if (asked === 'again') again();
  };
  const again = () =>
    void readWhole(id).then(
      ({ trigger }) => execute.mutate({ params: { id: workflowId }, body: { input: trigger } }),
      setFault,
    );
  const ask = (what: Asked) => () => {
    setFault(undefined);
    setAsked(what);
  };
  const can = possibleFor(
    execution,
    definition !== undefined && nodesOf(definition).some(({ node }) => node.compensate),
  );
  // What one looks back to can only be looked at.
  if (at !== undefined) return null;
  // A test is repeated in the editor: here it would run what is saved, without its pins.
  const mayRunAgain = hasWorkflow(execution) && !execution.test;
  const items: MenuItem[] = [
    ...(mayRunAgain
      ? [
          {
            label: 'Run again with the same input',
            icon: <RotateCw size={14} />,
            operation: 'executeWorkflow' as const,
            run: ask('again'),
          },
        ]
      : []),
    ...(hasWorkflow(execution)
      ? [
          {
            label: 'Open in the editor',
            icon: <Workflow size={14} />,
            run: () => void navigate({ to: '/workflows/$id', params: { id: workflowId } }),
          },
        ]
      : []),
    ...(can.compensate
      ? [
          {
            label: 'Cancel and undo',
            icon: <Undo2 size={14} />,
            danger: true,
            operation: 'cancelExecution' as const,
            run: ask('compensate'),
          },
        ]
      : []),
    { label: 'Copy its id', icon: <Copy size={14} />, run: () => void copy(id) },
    ...(can.remove
      ? [
          {
            label: 'Delete',
            icon: <Trash2 size={14} />,
            danger: true,
            operation: 'deleteExecution' as const,
            run: ask('remove'),
          },
        ]
      : []),
  ];
  const isBusy = [cancel, retry, remove, execute].some(({ isPending }) => isPending);
  return (
    <>
      {can.pause && (
        <Button
          operation="pauseExecution"
          icon={<Pause size={14} />}
          busy={pause.isPending}
          onClick={() => pause.mutate({ params, body: {} })}
        >
          Pause
        </Button>
      )}
      {can.resume && (
        <Button
          operation="resumeExecution"
          kind="primary"
          icon={<Play size={14} />}
          busy={resume.isPending}
          onClick={() => resume.mutate({ params, body: {} })}
        >
          Resume
        </Button>
      )}
      {can.cancel && (
        <Button operation="cancelExecution" kind="danger" icon={<Square size={13} />} onClick={ask('cancel')}>
          Cancel
        </Button>
      )}
      {can.retry && (
        <Button operation="retryExecution" kind="primary" icon={<RotateCcw size={14} />} onClick={ask('retry')}>
          Retry
        </Button>
      )}
      {isDone(status) && mayRunAgain && (
        <Button operation="executeWorkflow" icon={<RotateCw size={14} />} onClick={ask('again')}>
          Run again
        </Button>
      )}
      <Menu items={items}>
        <IconButton label="More">
          <Ellipsis size={16} />
        </IconButton>
      </Menu>
      {asked && (
        <Ask
          {...WORDS[asked]}
          withReason={asked !== 'again' && asked !== 'remove'}
          isBusy={isBusy}
          fault={fault}
          run={run}
          close={() => setAsked(undefined)}
        >
          {asked === 'retry' && mayRunAgain && (
            <NewerVersion workflowId={workflowId} version={version} busy={execute.isPending} runAgain={again} />
          )}
        </Ask>
      )}
    </>
  );
}

const isDone = (status: Status): boolean => status === 'completed' || status === 'canceled' || status === 'compensated';
