/** What can be done with one node: run again from here, go on without it, say what became of one in doubt. */
import { RotateCcw, SkipForward, Stethoscope } from 'lucide-react';
import { useState } from 'react';
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { useAction } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import { useDraft } from '../../../components/draft.ts';
import { Field, Input, Select, TextArea } from '../../../components/field.tsx';
import { leavesFocus } from '../../../components/heir.ts';
import { nodesOf, placeOfAddress, portsOf } from '../../../graph/document.ts';
import { Ask } from './ask.tsx';
import { possibleHere } from './possible.ts';
import { useReadAgain } from './reading.ts';
import { useRun } from './view.tsx';

type Asked = 'retry' | 'skip' | 'happened' | 'not';

const WORDS = {
  retry: {
    title: 'Retry from here?',
    description: 'This node and all after it run again. What they did outside happens once more.',
    confirm: 'Retry from here',
  },
  skip: {
    title: 'Go on without it?',
    description: 'It counts as done with the output that you give. What it is doing is called off.',
    confirm: 'Skip it',
  },
  happened: {
    title: 'It happened',
    description: 'It counts as done, with the output that you give, and does not run again.',
    confirm: 'It happened',
  },
  not: {
    title: 'It did not happen',
    description: 'It runs again. Be sure: if it did happen after all, it then happens twice.',
    confirm: 'Run it again',
  },
} as const;

export function NodeActions({ node }: { readonly node: ExecutionNode }) {
  const { execution, definition, at } = useRun();
  const { id } = execution;
  const { path } = node;
  const readAgain = useReadAgain(id);
  const [asked, setAsked] = useState<Asked>();
  const [fault, setFault] = useState<Error>();
  const typed = useDraft(`outcome.${id}.${path}`, '');
  const output = typed.value;
  const [outputFault, setOutputFault] = useState<string>();
  const [port, setPort] = useState('');
  const outcome = {
    done: () => {
      typed.clear();
      setAsked(undefined);
      readAgain();
    },
    failed: setFault,
  };
  const retry = useAction('retryExecution', outcome);
  const skip = useAction('skipNode', outcome);
  const resolve = useAction('resolveNode', outcome);
  const can = possibleHere(execution.status, node);
  if (at !== undefined || !(can.retryFrom || can.skip || can.resolve)) return null;
  const place = definition && placeOfAddress(definition, path);
  const drawn = definition && nodesOf(definition).find((one) => one.place === place);
  const ports = drawn === undefined ? [] : portsOf(drawn.node);
  const run = (why: string | undefined) => {
    setFault(undefined);
    const reason = why === undefined ? {} : { reason: why };
    if (asked === 'retry') return retry.mutate({ params: { id }, body: { from: path, ...reason } });
    const given = parsed(output);
    if (given instanceof Error && asked !== 'not') return setOutputFault(given.message);
    const value = output.trim() === '' ? {} : { output: given };
    if (asked === 'skip') {
      return skip.mutate({ params: { id }, body: { path, ...value, ...(port !== '' && { port }), ...reason } });
    }
    const happened = asked === 'happened';
    resolve.mutate({ params: { id }, body: { path, happened, ...(happened && value), ...reason } });
  };
  const ask = (what: Asked) => () => {
    setFault(undefined);
    setAsked(what);
  };
  return (
    <div ref={leavesFocus} className="flex flex-wrap gap-2">
      {can.retryFrom && (
        <Button operation="retryExecution" icon={<RotateCcw size={14} />} onClick={ask('retry')}>
          Retry from here
        </Button>
      )}
      {can.skip && (
        <Button operation="skipNode" icon={<SkipForward size={14} />} onClick={ask('skip')}>
          Skip
        </Button>
      )}
      {can.resolve && (
        <>
          <Button operation="resolveNode" icon={<Stethoscope size={14} />} onClick={ask('happened')}>
            It happened
          </Button>
          <Button operation="resolveNode" onClick={ask('not')}>
            It did not happen
          </Button>
        </>
      )}
      {asked && (
        <Ask
          {...WORDS[asked]}
          danger={asked === 'not'}
          isBusy={retry.isPending || skip.isPending || resolve.isPending}
          fault={fault}
          run={run}
          close={() => setAsked(undefined)}
        >
          {(asked === 'skip' || asked === 'happened') && (
            <Field label="Output" hint="JSON; empty stands for null." fault={outputFault}>
              {(ids) => (
                <TextArea
                  {...ids}
                  className="font-mono text-xs"
                  value={output}
                  onChange={(event) => {
                    typed.set(event.target.value);
                    setOutputFault(undefined);
                  }}
                />
              )}
            </Field>
          )}
          {asked === 'skip' && (
            <Field label="Port" hint="By which it leaves; empty stands for its main port.">
              {(ids) =>
                ports.length > 0 ? (
                  <Select
                    {...ids}
                    value={port}
                    onChange={(event) => setPort(event.target.value)}
                    options={[{ value: '', label: `main (${ports[0]})` }, ...ports]}
                  />
                ) : (
                  <Input {...ids} value={port} onChange={(event) => setPort(event.target.value)} />
                )
              }
            </Field>
          )}
        </Ask>
      )}
    </div>
  );
}

function parsed(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return new Error(`It is not JSON: ${(error as Error).message}`);
  }
}
