/** The connection of a node: one of those of its type, or a new one, made without leaving the panel. */
import { useState } from 'react';
import { useAction, useApi } from '../../../api/query.ts';
import { useRefusal } from '../../../api/role.ts';
import { ConnectionDialog } from '../../../components/connection/connection-dialog.tsx';
import { Field, Select } from '../../../components/field.tsx';
import type { LeafProps } from '../../../components/schema-form.tsx';
import { toast } from '../../../components/toast.tsx';

/** No name begins with a plus. */
const NEW = '+';

export function ConnectionField({ type, ...props }: LeafProps & { readonly type: string }) {
  const { label, schema, required, value, fault, onChange } = props;
  const connections = useApi('listConnections', { query: { limit: 200 } });
  const [isMade, setMade] = useState(false);
  const mayMake = useRefusal()('createConnection') === undefined;
  const test = useAction('testConnection', {
    done: ({ ok, message }) => toast({ tone: ok ? 'ok' : 'bad', title: message }),
  });
  const names = (connections.data?.items ?? []).filter((one) => one.type === type).map(({ name }) => name);
  const chosen = typeof value === 'string' ? value : '';
  const isKnown = chosen === '' || names.includes(chosen) || connections.data === undefined;
  const isMissing = !isKnown && !chosen.includes('{{');
  const options = [
    ...(chosen === '' || !required
      ? [{ value: '', label: required ? `Choose a connection of type ${type}` : 'None' }]
      : []),
    ...(chosen === '' || names.includes(chosen)
      ? []
      : [{ value: chosen, label: isMissing ? `${chosen} (there is none of this name)` : chosen }]),
    ...names.map((name) => ({ value: name, label: name })),
    ...(mayMake ? [{ value: NEW, label: 'New connection…' }] : []),
  ];
  const choose = (next: string) => {
    if (next === NEW) setMade(true);
    else onChange(next === '' && !required ? undefined : next);
  };
  return (
    <>
      <Field label={label} hint={schema.description} fault={fault}>
        {(ids) => (
          <Select
            {...ids}
            className="w-full!"
            value={chosen}
            options={options}
            onChange={(event) => choose(event.target.value)}
          />
        )}
      </Field>
      {isMade && (
        <ConnectionDialog
          type={type}
          onClose={() => setMade(false)}
          onSaved={({ id, name }) => {
            setMade(false);
            test.mutate({ params: { id } });
            onChange(name);
          }}
        />
      )}
    </>
  );
}
