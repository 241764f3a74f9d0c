/** Starts an execution from the list: a form where the manual trigger says what it takes, JSON otherwise. */
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { useAction, useApi } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { workflowRequest } from '../first-reading.ts';
import { InputForm } from '../input-form.tsx';
import { inputSchemaOf } from '../input-schema.ts';

interface QuickRunProps {
  readonly id: string;
  readonly name: string;
  readonly close: () => void;
}

export default function QuickRun({ id, name, close }: QuickRunProps) {
  const navigate = useNavigate();
  const form = useId();
  const workflow = useApi('getWorkflow', workflowRequest(id));
  const [value, setValue] = useState<unknown>({});
  const [text, setText] = useState('{}');
  const [isUnread, setUnread] = useState(false);
  const [error, setError] = useState<Error>();
  const execute = useAction('executeWorkflow', {
    done: (answer) => {
      close();
      if ('executionId' in answer) void navigate({ to: '/executions/$id', params: { id: answer.executionId } });
    },
    failed: setError,
  });
  const schema = workflow.data && inputSchemaOf(workflow.data.definition);
  const run = (event: FormEvent) => {
    event.preventDefault();
    if (isUnread) return;
    setError(undefined);
    try {
      execute.mutate({ params: { id }, body: { input: schema ? value : JSON.parse(text) } });
    } catch (fault) {
      setError(new Error(`This is no JSON yet: ${(fault as Error).message}`));
    }
  };
  return (
    <Dialog
      open
      onClose={close}
      title={`Run ${name}`}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form={form}
            busy={execute.isPending}
            disabled={!workflow.data || isUnread}
          >
            Run
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={run} className="flex flex-col gap-3">
        {workflow.error && <ProblemNote error={workflow.error} retry={() => void workflow.refetch()} />}
        {workflow.isPending && <Loading />}
        {schema && <InputForm schema={schema} value={value} onChange={setValue} onUnread={setUnread} error={error} />}
        {workflow.data && !schema && (
          <Field label="Input as JSON" hint="Nodes read it as $trigger; of a webhook it is { body, headers, query }.">
            {(ids) => (
              <TextArea
                {...ids}
                rows={6}
                autoFocus
                className="font-mono text-xs"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
        )}
        {error && !schema && <ProblemNote error={error} />}
      </form>
    </Dialog>
  );
}
