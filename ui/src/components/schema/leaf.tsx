/** One value: by its choices, or by its type. */
import { Check, Field, Input, Select, TextArea } from '../field.tsx';
import { type LeafProps, useForm } from './form.ts';
import { Hint } from './hint.tsx';
import { JsonInput } from './json-input.tsx';
import { localOf, momentOf } from './moment.ts';
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
          // What is no moment, such as an expression, is shown as the text that it is.
          const local = text === '' ? '' : localOf(text);
          if (format === 'date-time' && local !== undefined) {
            return (
              <Input
                {...ids}
                type="datetime-local"
                step={1}
                value={local}
                onChange={(event) => change(momentOf(event.target.value))}
              />
            );
          }
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
};
