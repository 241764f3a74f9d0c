/** Writes a version of a schema. What is typed is kept in this browser until it was saved. */
import { lazy, Suspense, useState } from 'react';
import type { EventSchemaAnswer, NewEventSchema } from '../../../../../src/contract/event-schemas.ts';
import { useAction, useApiAll } from '../../../api/query.ts';
import { Button } from '../../../components/button.tsx';
import type { Fault } from '../../../components/code-editor.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { useDraft } from '../../../components/draft.ts';
import { Field, Input, Select } from '../../../components/field.tsx';
import { Loading } from '../../../components/loading.tsx';
import { ProblemNote } from '../../../components/problem.tsx';
import { toast } from '../../../components/toast.tsx';
import { POLICY_OPTIONS } from './policies.ts';
import { type Part, type Refusal, readTyped, refusalOf, type Typed } from './refusal.ts';

const CodeEditor = lazy(() => import('../../../components/code-editor.tsx'));

const FORM = 'event-schema';
const NO_MARKS: readonly Fault[] = [];

interface Form extends Typed {
  readonly type: string;
  readonly policy: NewEventSchema['policy'];
}

const FIRST: Form = {
  type: '',
  policy: 'reject',
  schema: JSON.stringify({ type: 'object', required: ['id'], properties: { id: { type: 'string' } } }, null, 2),
  upcast: '',
};

/** A version begins with what the one before says; how data becomes it is asked anew. */
const formOf = ({ type, policy, schema }: EventSchemaAnswer): Form => ({
  type,
  policy,
  schema: JSON.stringify(schema, null, 2),
  upcast: '',
});

interface SchemaDialogProps {
  /** Of a type that has a schema; without it a type is asked for. */
  readonly newest?: EventSchemaAnswer;
  readonly saved: (type: string) => void;
  readonly onClose: () => void;
}

export default function SchemaDialog({ newest, saved, onClose }: SchemaDialogProps) {
  const draft = useDraft(`event-schema.${newest?.type ?? ''}`, newest === undefined ? FIRST : formOf(newest));
  const form = draft.value;
  const schemas = useApiAll('listEventSchemas');
  const [refusal, setRefusal] = useState<Refusal>();
  const had = newest ?? schemas.data?.items.find(({ type }) => type === form.type);
  const put = useAction('putEventSchema', {
    done: ({ type, version }) => {
      const isNew = version !== had?.version;
      toast({
        tone: 'ok',
        title: isNew ? `Version ${version} of ${type} is saved` : `Version ${version} says that already`,
      });
      draft.clear();
      onClose();
      saved(type);
    },
    failed: (error) => setRefusal(refusalOf(error, form)),
  });
  const change = (part: Partial<Form>) => draft.set({ ...form, ...part });
  const submit = () => {
    const { type, policy } = form;
    const read = readTyped(had === undefined ? { ...form, upcast: '' } : form);
    if ('refusal' in read) return setRefusal(read.refusal);
    setRefusal(undefined);
    // Any JSON: what is no schema is for the server to say.
    put.mutate({ params: { type }, body: { ...(read as Pick<NewEventSchema, 'schema' | 'upcast'>), policy } });
  };
  const startOver = () => {
    draft.clear();
    setRefusal(undefined);
  };
  const json = (part: Part, label: string, hint: string | undefined, height: string) => (
    <div className="flex flex-col gap-1">
      <span className="font-medium text-muted text-xs">{label}</span>
      <div className={`${height} overflow-hidden rounded-md border border-line focus-within:border-accent`}>
        <Suspense fallback={<Loading />}>
          <CodeEditor
            label={label}
            language="json"
            value={form[part]}
            faults={refusal?.marks[part] ?? NO_MARKS}
            onChange={(text) => text !== form[part] && change({ [part]: text })}
          />
        </Suspense>
      </div>
      {hint && <p className="text-faint text-xs">{hint}</p>}
    </div>
  );
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={newest === undefined ? 'New schema' : `Version ${newest.version + 1} of ${newest.type}`}
      actions={
        <>
          {draft.isTyped && (
            <Button kind="quiet" className="mr-auto" onClick={startOver}>
              Start over
            </Button>
          )}
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" form={FORM} kind="primary" busy={put.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="grid gap-3 md:grid-cols-2">
          {newest === undefined && (
            <Field
              label="Type of the messages"
              fault={refusal?.type}
              hint={had === undefined ? undefined : `It has a schema: this becomes its version ${had.version + 1}`}
            >
              {(ids) => (
                <Input
                  {...ids}
                  required
                  data-first
                  placeholder="order.placed"
                  value={form.type}
                  onChange={(event) => change({ type: event.target.value.trim() })}
                />
              )}
            </Field>
          )}
          <Field label="A message that does not fit" hint={newest && 'For the older versions too'}>
            {(ids) => (
              <Select
                {...ids}
                className="w-full"
                options={POLICY_OPTIONS}
                value={form.policy}
                onChange={(event) => change({ policy: event.target.value as Form['policy'] })}
              />
            )}
          </Field>
        </div>
        {json('schema', 'JSON Schema of the data', had && 'It may only add to the version before', 'h-56')}
        {refusal && <ProblemNote error={refusal.error} />}
        {had &&
          json(
            'upcast',
            'Upcast (optional)',
            'Makes $data of the version before into this one; then all may change',
            'h-24',
          )}
      </form>
    </Dialog>
  );
}
