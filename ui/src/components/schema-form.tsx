/**
 * A form made of a JSON Schema: one control for each property, as its type asks. What has no control of its own is
 * written as JSON. `leaf` lets a page draw some controls itself, as the editor does for expressions.
 */

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { isObject } from '../../../src/core/json.ts';
import { Button } from './button.tsx';
import { foldOf } from './schema/fold.ts';
import { type Fold, type Form, FormContext, type LeafProps, useForm } from './schema/form.ts';
import { Leaf } from './schema/leaf.tsx';
import { ListPart } from './schema/list-part.tsx';
import { Optional, Titled } from './schema/optional.tsx';
import { RecordPart } from './schema/record-part.tsx';
import { type JsonSchema, plainOf, shapeOf } from './schema/shape.ts';
import { VariantPart } from './schema/variant-part.tsx';

export type { LeafProps } from './schema/form.ts';
export type { JsonSchema } from './schema/shape.ts';

interface SchemaFormProps {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** What is wrong, by path. */
  readonly faults?: ReadonlyMap<string, string>;
  /** Undefined: the form draws it, as `plain` does for this schema or another one. */
  readonly leaf?: Form['leaf'];
  /** What comes first and what is required at once, and what is optional and not set behind a button. Otherwise as the schema has them. */
  readonly fold?: Fold;
  /** Something is typed that is no value yet: `value` is the one before, and is not to be sent. */
  readonly onUnread?: (isUnread: boolean) => void;
}

const NO_FAULTS: ReadonlyMap<string, string> = new Map();

export function SchemaForm({
  schema,
  value,
  onChange,
  faults = NO_FAULTS,
  leaf,
  fold = false,
  onUnread,
}: SchemaFormProps) {
  const unread = useRef(new Set<string>());
  const told = useRef(onUnread);
  told.current = onUnread;
  const report = useCallback((control: string, isUnread: boolean) => {
    const before = unread.current.size;
    if (isUnread) unread.current.add(control);
    else unread.current.delete(control);
    if (before === 0 || unread.current.size === 0) told.current?.(unread.current.size > 0);
  }, []);
  return (
    <FormContext value={{ root: schema, faults, leaf, fold, report, Part }}>
      <Part
        path=""
        label={schema.title ?? ''}
        schema={schema}
        required
        value={value}
        fault={faults.get('')}
        onChange={onChange}
      />
    </FormContext>
  );
}

function Part(props: LeafProps) {
  const { root, leaf } = useForm();
  const known = { ...props, schema: plainOf(props.schema, root) };
  const plain = (schema = known.schema) => <Plain {...known} schema={schema} />;
  return leaf?.(known, plain) ?? plain();
}

function Plain(props: LeafProps): ReactNode {
  const shape = shapeOf(props.schema);
  if (shape.kind === 'object') {
    return (
      <Optional {...props}>
        <ObjectPart {...props} />
      </Optional>
    );
  }
  if (shape.kind === 'list') return <ListPart {...props} items={shape.items} />;
  if (shape.kind === 'record') return <RecordPart {...props} values={shape.values} />;
  if (shape.kind === 'variants') {
    return (
      <Optional {...props}>
        <VariantPart {...props} variants={shape.variants} />
      </Optional>
    );
  }
  return <Leaf {...props} />;
}

function ObjectPart(props: LeafProps) {
  const { schema, value, onChange, path } = props;
  const { faults, fold } = useForm();
  const [isOpen, setOpen] = useState(false);
  const fields = isObject(value) ? value : {};
  const required = (name: string) => schema.required?.includes(name) ?? false;
  const draw = ([name, one]: readonly [string, JsonSchema]): ReactNode => {
    const place = path === '' ? name : `${path}.${name}`;
    const change = (next: unknown) => {
      if (next !== undefined) return onChange({ ...fields, [name]: next });
      const { [name]: _, ...others } = fields;
      onChange(others);
    };
    return (
      <Part
        key={name}
        path={place}
        label={one.title ?? name}
        schema={one}
        required={required(name)}
        value={fields[name]}
        fault={faults.get(place)}
        onChange={change}
      />
    );
  };
  // What tells the variants of a value apart is chosen with the variant.
  const all = Object.entries(schema.properties ?? {}).filter(([, one]) => !fold || one.const === undefined);
  if (!fold || (fold === 'open' && path === '')) return <Titled {...props}>{all.map(draw)}</Titled>;
  const names = all.map(([name]) => name);
  const drawn = (name: string) => draw([name, schema.properties?.[name] ?? {}]);
  const isWanted = (name: string) => fields[name] !== undefined || hasFault(faults, path, name);
  const { shown, rest } = foldOf(schema, names, isWanted);
  const more = (
    <Button
      key="/more"
      kind="quiet"
      className="h-7! self-start px-1!"
      aria-expanded={isOpen}
      icon={<ChevronRight size={13} className={isOpen ? 'rotate-90' : ''} />}
      onClick={() => setOpen(!isOpen)}
    >
      More options <span className="font-normal text-faint">{rest.length}</span>
    </Button>
  );
  // One list: a field that is written in for the first time goes up, and keeps the cursor.
  const parts = [...shown.map(drawn), ...(rest.length > 0 ? [more] : []), ...(isOpen ? rest.map(drawn) : [])];
  return <Titled {...props}>{parts}</Titled>;
}

function hasFault(faults: ReadonlyMap<string, string>, path: string, name: string): boolean {
  const place = path === '' ? name : `${path}.${name}`;
  return [...faults.keys()].some((one) => one === place || one.startsWith(`${place}.`) || one.startsWith(`${place}[`));
}
