/** One value: by its choices, or by its type. */
import { useState } from 'react';
import { Check, Field, Input, Select, TextArea } from '../field.tsx';
import { type LeafProps, useForm } from './form.ts';
import { Hint } from './hint.tsx';
import { shapeOf } from './shape.ts';

export function Leaf({ label, schema, required, value, fault, onChange }: LeafProps) {
  const { fold } = useForm();
  const shape = shapeOf(schema);
  const { description, format, minimum, maximum } = schema;
  if (shape.kind === 'boolean') {
    return (
      <div className="flex flex-col gap-0.5">
        <Check label={label} checked={value === true} onChange={(event) => onChange(event.target.checked)} />
        {(fault ?? description) && (
          <p className={`pl-5.5 text-xs ${fault ? 'text-bad' : 'text-faint'}`}>
            {fault ?? <Hint text={description} />}
          </p>
        )}
      </div>
    );
  }
  return (
    <Field
      label={required || fold !== false ? label : `${label} (optional)`}
      hint={<Hint text={description} />}
      fault={fault}
    >
      {(ids) => {
        if (shape.kind === 'choice') {
          const texts = shape.choices.map(String);
          const pick = (text: string) =>
            onChange(text === '' ? undefined : shape.choices.find((one) => String(one) === text));
          return (
            <Select
              {...ids}
              className="w-full!"
              options={!required || value === undefined ? ['', ...texts] : texts}
              value={value === undefined ? '' : String(value)}
              onChange={(event) => pick(event.target.value)}
            />
          );
        }
        if (shape.kind === 'number') {
          return (
            <Input
              {...ids}
              type="number"
              min={minimum}
              max={maximum}
              step={shape.whole ? 1 : 'any'}
              value={typeof value === 'number' ? value : ''}
              onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
            />
          );
        }
        if (shape.kind === 'text') {
          const text = value === undefined || value === null ? '' : String(value);
          const change = (next: string) => onChange(next === '' && !required ? undefined : next);
          if (shape.long) return <TextArea {...ids} value={text} onChange={(event) => change(event.target.value)} />;
          return (
            <Input
              {...ids}
              type={INPUTS[format ?? ''] ?? 'text'}
              value={text}
              onChange={(event) => change(event.target.value)}
            />
          );
        }
        return <JsonInput ids={ids} value={value} onChange={onChange} />;
      }}
    </Field>
  );
}

const INPUTS: Readonly<Record<string, string>> = {
  date: 'date',
  email: 'email',
  uri: 'url',
  'date-time': 'datetime-local',
};

interface JsonInputProps {
  readonly ids: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** What is typed stays, also while it is no JSON yet. */
function JsonInput({ ids, value, onChange }: JsonInputProps) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [fault, setFault] = useState<string>();
  const change = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() === '' ? undefined : JSON.parse(next));
      setFault(undefined);
    } catch (error) {
      setFault(`This is no JSON yet: ${(error as Error).message}`);
    }
  };
  return (
    <>
      <TextArea
        {...ids}
        className="font-mono text-xs"
        rows={4}
        value={text}
        onChange={(event) => change(event.target.value)}
      />
      {fault && <p className="text-bad text-xs">{fault}</p>}
    </>
  );
}
