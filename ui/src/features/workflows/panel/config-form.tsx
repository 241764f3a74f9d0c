/** The config of a node or a trigger as a form; what may be an expression is one. */
import { type ReactNode, useCallback, useId } from 'react';
import { type JsonSchema, type LeafProps, SchemaForm } from '../../../components/schema-form.tsx';
import { CodeField } from './code-field.tsx';
import { fieldKindOf } from './config-schema.ts';
import { ConnectionField } from './connection-field.tsx';
import { AnyField, EitherField, TextField } from './expression-fields.tsx';
import { JsonEditor } from './json-editor.tsx';
import { Labeled } from './labeled.tsx';
import { useScope } from './scope.ts';

interface ConfigFormProps {
  readonly type: string;
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly faults: ReadonlyMap<string, string>;
  readonly onChange: (value: unknown) => void;
}

export function ConfigForm({ type, schema, value, faults, onChange }: ConfigFormProps) {
  const { variables } = useScope();
  const leaf = useCallback(
    (props: LeafProps, plain: (schema?: JsonSchema) => ReactNode): ReactNode | undefined => {
      if (props.path === '') return undefined;
      const connection = props.schema['x-connection'];
      if (connection !== undefined) return <ConnectionField {...props} type={connection} />;
      /** What is written in one piece shows the faults of its parts. */
      const deep = (one: LeafProps): LeafProps => ({ ...one, fault: one.fault ?? inside(faults, one.path) });
      const field = fieldKindOf(type, props.path, props.schema);
      switch (field.kind) {
        case 'code':
          return <CodeField {...props} />;
        case 'schema':
          return <SchemaField {...deep(props)} />;
        case 'any':
          return <AnyField {...deep(props)} />;
        case 'text': {
          const isEvent = type === 'wait' && props.path === 'match';
          return <TextField {...props} long={field.long} {...(isEvent && { variables: [...variables, '$event'] })} />;
        }
        case 'either':
          return <EitherField {...props} fixed={field.fixed} plain={plain} />;
        default:
          return undefined;
      }
    },
    [type, variables, faults],
  );
  return <SchemaForm fold schema={schema} value={value} faults={faults} leaf={leaf} onChange={onChange} />;
}

function inside(faults: ReadonlyMap<string, string>, path: string): string | undefined {
  const found = [...faults].find(([one]) => one.startsWith(`${path}.`) || one.startsWith(`${path}[`));
  return found && `${found[0].slice(path.length).replace(/^\./, '')}: ${found[1]}`;
}

/** A JSON Schema is written as one. */
function SchemaField({ label, schema, required, value, fault, onChange }: LeafProps) {
  const id = useId();
  return (
    <Labeled id={id} label={label} required={required} hint={schema.description} fault={fault}>
      <JsonEditor label={label} raw value={value} onChange={(next) => onChange(next)} />
    </Labeled>
  );
}
