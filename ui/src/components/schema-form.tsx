/**
 * A form made of a JSON Schema: one control for each property, as its type asks. What has no control of its own is
 * written as JSON. `leaf` lets a page draw some controls itself, as the editor does for expressions.
 */
import { Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, IconButton } from './button.tsx';
import { Check, Field, Input, Select, TextArea } from './field.tsx';

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

export interface LeafProps {
  /** Such as `headers.accept`; '' for the whole. */
  readonly path: string;
  readonly label: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly value: unknown;
  readonly fault: string | undefined;
  readonly onChange: (value: unknown) => void;
}

interface SchemaFormProps {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** What is wrong, by path. */
  readonly faults?: ReadonlyMap<string, string>;
  /** Undefined: the form draws it. */
  readonly leaf?: (props: LeafProps) => ReactNode | undefined;
}

const NO_FAULTS: ReadonlyMap<string, string> = new Map();

export function SchemaForm({ schema, value, onChange, faults = NO_FAULTS, leaf }: SchemaFormProps) {
  const rest = { faults, ...(leaf && { leaf }) };
  return (
    <Part
      path=""
      label={schema.title ?? ''}
      schema={schema}
      required
      value={value}
      fault={faults.get('')}
      onChange={onChange}
      {...rest}
    />
  );
}

type PartProps = LeafProps & Pick<SchemaFormProps, 'leaf'> & { readonly faults: ReadonlyMap<string, string> };

function Part(props: PartProps) {
  const own = props.leaf?.(props);
  if (own !== undefined) return own;
  const { schema, path } = props;
  if (schema.properties !== undefined && (schema.type ?? 'object') === 'object')
    return <ObjectPart {...props} nested={path !== ''} />;
  if (schema.type === 'array' && schema.items !== undefined) return <ListPart {...props} />;
  return <Leaf {...props} />;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function ObjectPart({ nested, ...props }: PartProps & { readonly nested: boolean }) {
  const { schema, value, onChange, path, label, faults, leaf } = props;
  const fields = isObject(value) ? value : {};
  const parts = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const place = path === '' ? name : `${path}.${name}`;
    const change = (next: unknown) => {
      const { [name]: _, ...others } = fields;
      onChange(next === undefined ? others : { ...fields, [name]: next });
    };
    return (
      <Part
        key={name}
        path={place}
        label={one.title ?? name}
        schema={one}
        required={schema.required?.includes(name) ?? false}
        value={fields[name]}
        fault={faults.get(place)}
        onChange={change}
        faults={faults}
        {...(leaf && { leaf })}
      />
    );
  });
  if (!nested) return <div className="flex flex-col gap-3">{parts}</div>;
  return (
    <fieldset className="flex flex-col gap-3 border-line border-l-2 pl-3">
      <legend className="mb-1 font-medium text-muted text-xs">{label}</legend>
      {parts}
    </fieldset>
  );
}

function ListPart({ schema, value, onChange, path, label, faults, leaf }: PartProps) {
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const set = (index: number, next: unknown) => onChange(items.map((one, at) => (at === index ? next : one)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-muted text-xs">{label}</legend>
      {items.map((item, index) => (
        <div key={index} className="flex items-end gap-2">
          <div className="min-w-0 flex-1">
            <Part
              path={`${path}[${index}]`}
              label={`${label} ${index + 1}`}
              schema={schema.items ?? {}}
              required
              value={item}
              fault={faults.get(`${path}[${index}]`)}
              onChange={(next) => set(index, next)}
              faults={faults}
              {...(leaf && { leaf })}
            />
          </div>
          <IconButton
            label={`Remove ${label} ${index + 1}`}
            onClick={() => onChange(items.filter((_, at) => at !== index))}
          >
            <Trash2 size={14} />
          </IconButton>
        </div>
      ))}
      <Button
        kind="quiet"
        className="self-start"
        icon={<Plus size={14} />}
        onClick={() => onChange([...items, emptyOf(schema.items ?? {})])}
      >
        Add
      </Button>
    </fieldset>
  );
}

function emptyOf({ type, default: given }: JsonSchema): unknown {
  if (given !== undefined) return given;
  return { string: '', number: 0, integer: 0, boolean: false, array: [], object: {} }[String(type)] ?? '';
}

/** One value: by its choices, or by its type. */
function Leaf({ label, schema, required, value, fault, onChange }: LeafProps) {
  const { type, description, format, maxLength, minimum, maximum } = schema;
  const choices = schema.enum ?? constants(schema);
  const hint = description;
  const name = required ? label : `${label} (optional)`;
  if (type === 'boolean') {
    return (
      <Check
        label={<span title={description}>{label}</span>}
        checked={value === true}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  }
  return (
    <Field label={name} hint={hint} fault={fault}>
      {(ids) => {
        if (choices !== undefined) {
          const options = [...(required ? [] : ['']), ...choices.map(String)];
          const pick = (text: string) =>
            onChange(text === '' ? undefined : choices.find((one) => String(one) === text));
          return (
            <Select
              {...ids}
              className="w-full!"
              options={value === undefined && required ? ['', ...options] : options}
              value={value === undefined ? '' : String(value)}
              onChange={(event) => pick(event.target.value)}
            />
          );
        }
        if (type === 'number' || type === 'integer') {
          return (
            <Input
              {...ids}
              type="number"
              min={minimum}
              max={maximum}
              step={type === 'integer' ? 1 : 'any'}
              value={typeof value === 'number' ? value : ''}
              onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
            />
          );
        }
        if (type === 'string') {
          const text = typeof value === 'string' ? value : '';
          const change = (next: string) => onChange(next === '' && !required ? undefined : next);
          if ((maxLength ?? 0) > 200)
            return <TextArea {...ids} value={text} onChange={(event) => change(event.target.value)} />;
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

function constants({ anyOf, oneOf }: JsonSchema): readonly unknown[] | undefined {
  const list = anyOf ?? oneOf;
  return list?.every((one) => one.const !== undefined) ? list.map((one) => one.const) : undefined;
}

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
