/** A connection is made or changed: by a form of the schema of its type. */
import { type ReactNode, useId, useState } from 'react';
import type { ConnectionAnswer, ConnectionTypeAnswer } from '../../../../src/contract/connections.ts';
import { ApiProblem } from '../../api/problem.ts';
import { useAction, useApi } from '../../api/query.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { useDraft } from '../draft.ts';
import { Field, Input, Select } from '../field.tsx';
import { Loaded } from '../loaded.tsx';
import { ProblemNote } from '../problem.tsx';
import type { JsonSchema } from '../schema/shape.ts';
import { type LeafProps, SchemaForm } from '../schema-form.tsx';
import { askedFields, type Config, defaultsOf, partedBySecrecy, sentFields } from './fields.ts';
import { SecretField } from './secret-field.tsx';

interface ConnectionDialogProps {
  /** Absent: a new one. */
  readonly connection?: ConnectionAnswer;
  /** The only type that a new one may be of. */
  readonly type?: string | undefined;
  readonly onClose: () => void;
  readonly onSaved: (saved: ConnectionAnswer) => void;
}

/** Types do not change while a server runs. */
const STALE_MS = 10 * 60_000;
const LONGEST_LINE = 2_000;

export function ConnectionDialog(props: ConnectionDialogProps) {
  const types = useApi('listConnectionTypes', {}, { staleTime: STALE_MS });
  const form = useId();
  const [isBusy, setBusy] = useState(false);
  const { connection, onClose } = props;
  return (
    <Dialog
      open
      onClose={onClose}
      title={connection === undefined ? 'New connection' : `Change ${connection.name}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} kind="primary" busy={isBusy}>
            Save and test
          </Button>
        </>
      }
    >
      <Loaded query={types} isEmpty={() => false} empty={null}>
        {({ items }) => <Fields {...props} id={form} types={items} setBusy={setBusy} />}
      </Loaded>
    </Dialog>
  );
}

interface FieldsProps extends ConnectionDialogProps {
  readonly id: string;
  readonly types: readonly ConnectionTypeAnswer[];
  readonly setBusy: (isBusy: boolean) => void;
}

interface Typed {
  readonly name: string;
  readonly type: string;
  /** Without secrets. */
  readonly config: Config;
}

function Fields({ id, types, connection, type: only, onSaved, setBusy }: FieldsProps) {
  const schemaOf = (name: string): JsonSchema => types.find((one) => one.type === name)?.configSchema ?? {};
  const first = connection?.type ?? only ?? types[0]?.type ?? '';
  const draft = useDraft<Typed>(`connection.${connection?.id ?? `new.${only ?? ''}`}`, {
    name: connection?.name ?? '',
    type: first,
    config: connection?.config ?? defaultsOf(schemaOf(first)),
  });
  const { name, type: chosen } = draft.value;
  const type = types.find((one) => one.type === chosen);
  const schema = schemaOf(chosen);
  /** Secrets are nowhere but here. */
  const [secret, setSecret] = useState<Config>({});
  const config = { ...draft.value.config, ...secret };
  const [problem, setProblem] = useState<Error>();
  const set = connection?.secrets ?? [];
  const options = {
    done: (saved: ConnectionAnswer) => {
      setBusy(false);
      draft.clear();
      onSaved(saved);
    },
    failed: (error: Error) => {
      setBusy(false);
      setProblem(error);
    },
  };
  const create = useAction('createConnection', options);
  const update = useAction('updateConnection', options);
  const submit = () => {
    setBusy(true);
    setProblem(undefined);
    const sent = sentFields(schema, config, set);
    if (connection === undefined) create.mutate({ body: { name, type: chosen, config: sent } });
    else update.mutate({ params: { id: connection.id }, body: { name, config: sent } });
  };
  const choose = (next: string) => {
    setSecret({});
    draft.set({ name, type: next, config: defaultsOf(schemaOf(next)) });
  };
  const faults = faultsOf(problem);
  const leaf = (props: LeafProps, plain: (schema?: JsonSchema) => ReactNode) => {
    const { maxLength = 0, ...short } = props.schema;
    if (short.writeOnly) return <SecretField {...props} isSet={set.includes(props.path)} />;
    // A host or an address may be long, and is one line all the same.
    return maxLength > 0 && maxLength <= LONGEST_LINE ? plain(short) : undefined;
  };
  return (
    <form
      id={id}
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        // The form of a node may be around it.
        event.stopPropagation();
        submit();
      }}
    >
      <Field
        label="Name"
        hint="By which nodes and triggers name it: lower-case letters, digits, ., _ and -"
        fault={faults.get('name')}
      >
        {(ids) => (
          <Input
            {...ids}
            required
            value={name}
            onChange={(event) => draft.set({ ...draft.value, name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Type" hint={type?.description}>
        {(ids) => (
          <Select
            {...ids}
            className="w-full!"
            disabled={connection !== undefined || only !== undefined}
            value={chosen}
            options={types.map((one) => one.type)}
            onChange={(event) => choose(event.target.value)}
          />
        )}
      </Field>
      <SchemaForm
        key={chosen}
        schema={askedFields(schema, config)}
        value={config}
        faults={faults}
        leaf={leaf}
        onChange={(next) => {
          const { open, hidden } = partedBySecrecy(schema, next as Config);
          setSecret(hidden);
          draft.set({ ...draft.value, config: open });
        }}
      />
      {draft.isTyped && (
        <Button
          kind="quiet"
          className="self-start"
          onClick={() => {
            setSecret({});
            draft.clear();
          }}
        >
          Start over
        </Button>
      )}
      {problem && <ProblemNote error={problem} />}
    </form>
  );
}

/** By the path in the config, and `name`. */
function faultsOf(problem: Error | undefined): ReadonlyMap<string, string> {
  const errors = problem instanceof ApiProblem ? problem.errors : [];
  return new Map(errors.map(({ path, message }) => [path.replace(/^(body\.)?(config\.)?/, ''), message]));
}
