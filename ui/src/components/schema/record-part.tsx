/** Names and values that the person chooses, such as headers. A name that is being typed is kept until it is one. */

import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { isObject } from '../../../../src/core/json.ts';
import { Button, IconButton } from '../button.tsx';
import { Input } from '../field.tsx';
import { type LeafProps, useForm } from './form.ts';
import { Hint } from './hint.tsx';
import type { JsonSchema } from './shape.ts';

export function RecordPart({ values, ...props }: LeafProps & { readonly values: JsonSchema }) {
  const { faults, Part, fold } = useForm();
  const { value, onChange, path, label, schema, fault, required } = props;
  const record = isObject(value) ? value : {};
  const entries = Object.entries(record);
  const put = (next: readonly (readonly [string, unknown])[]) =>
    onChange(next.length === 0 && !required ? undefined : Object.fromEntries(next));
  const rename = (index: number, name: string) => {
    if (name in record) return false;
    put(entries.map(([old, one], at) => [at === index ? name : old, one]));
    return true;
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium text-muted text-xs">
        {label}
        {!fold && !required && ' (optional)'}
      </legend>
      {schema.description && (
        <p className="-mt-1 text-faint text-xs">
          <Hint text={schema.description} />
        </p>
      )}
      {fault && <p className="text-bad text-xs">{fault}</p>}
      {entries.map(([name, one], index) => (
        <div key={index} className="flex items-start gap-1.5">
          <NameInput label={`Name ${index + 1} of ${label}`} name={name} rename={(next) => rename(index, next)} />
          <div className="relative min-w-0 flex-1 has-[.field-head_fieldset]:pr-8 [&_.field-head:not(:has(fieldset))]:hidden [&_.field-head]:absolute [&_.field-head]:top-0 [&_.field-head]:right-0 [&_.field-head_fieldset]:flex-col [&_.schema-label]:sr-only [&_label]:sr-only">
            <Part
              path={memberOf(path, name)}
              label={name === '' ? `Value ${index + 1}` : name}
              schema={values}
              required
              value={one}
              fault={faults.get(memberOf(path, name))}
              onChange={(next) => put(entries.map(([key, old], at) => [key, at === index ? next : old]))}
            />
          </div>
          <IconButton
            label={`Remove ${name || 'the empty name'}`}
            className="mt-0.5"
            onClick={() => put(entries.filter((_, at) => at !== index))}
          >
            <Trash2 size={14} />
          </IconButton>
        </div>
      ))}
      <Button
        kind="quiet"
        className="h-7! self-start px-1.5!"
        icon={<Plus size={14} />}
        disabled={'' in record}
        aria-label={`Add to ${label}`}
        onClick={() => onChange({ ...record, '': '' })}
      >
        Add
      </Button>
    </fieldset>
  );
}

/** As the server writes the path of a member. */
function memberOf(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

interface NameInputProps {
  readonly label: string;
  readonly name: string;
  /** False: there is one of this name. */
  readonly rename: (name: string) => boolean;
}

function NameInput({ label, name, rename }: NameInputProps) {
  const [text, setText] = useState<string>();
  const [isTaken, setTaken] = useState(false);
  const done = () => {
    if (text === undefined) return;
    if (text !== name && !rename(text)) return setTaken(true);
    setText(undefined);
    setTaken(false);
  };
  return (
    <div className="w-[38%] shrink-0">
      <Input
        aria-label={label}
        aria-invalid={isTaken || undefined}
        placeholder="name"
        className="font-mono text-xs"
        autoFocus={name === ''}
        value={text ?? name}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => event.key === 'Enter' && done()}
      />
      {isTaken && <p className="text-bad text-xs">There is one of this name.</p>}
    </div>
  );
}
