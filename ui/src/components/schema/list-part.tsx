/** A list: its items one below the other. Those with parts of their own stand in frames. */
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../button.tsx';
import { type LeafProps, useForm } from './form.ts';
import { Hint } from './hint.tsx';
import { emptyOf, type JsonSchema, shapeOf } from './shape.ts';
import { UNTITLED } from './untitled.ts';

export function ListPart({ items: schema, ...props }: LeafProps & { readonly items: JsonSchema }) {
  const { faults, Part } = useForm();
  const { value, onChange, path, label, fault } = props;
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const isFramed = ['object', 'variants'].includes(shapeOf(schema).kind);
  const set = (index: number, next: unknown) => onChange(items.map((one, at) => (at === index ? next : one)));
  const swap = (index: number) =>
    onChange([...items.slice(0, index), items[index + 1], items[index], ...items.slice(index + 2)]);
  const remove = (index: number) => onChange(items.filter((_, at) => at !== index));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium text-muted text-xs">{label}</legend>
      {props.schema.description && (
        <p className="-mt-1 text-faint text-xs">
          <Hint text={props.schema.description} />
        </p>
      )}
      {fault && <p className="text-bad text-xs">{fault}</p>}
      {items.map((item, index) => {
        const place = `${path}[${index}]`;
        const name = `${label} ${index + 1}`;
        const part = (
          <Part
            path={place}
            label={name}
            schema={schema}
            required
            value={item}
            fault={faults.get(place)}
            onChange={(next) => set(index, next)}
          />
        );
        const bin = (
          <IconButton label={`Remove ${name}`} onClick={() => remove(index)}>
            <Trash2 size={14} />
          </IconButton>
        );
        if (!isFramed) {
          return (
            <div key={index} className="flex items-start gap-1">
              <div className={`min-w-0 flex-1 ${UNTITLED}`}>{part}</div>
              <span className="mt-0.5">{bin}</span>
            </div>
          );
        }
        return (
          <div key={index} className="rounded-md border border-line pt-1 pr-1 pb-3 pl-3">
            <div className="flex items-center gap-0.5">
              <span className="mr-auto font-medium text-muted text-xs">{name}</span>
              {index > 0 && (
                <IconButton label={`Move ${name} up`} onClick={() => swap(index - 1)}>
                  <ArrowUp size={13} />
                </IconButton>
              )}
              {index < items.length - 1 && (
                <IconButton label={`Move ${name} down`} onClick={() => swap(index)}>
                  <ArrowDown size={13} />
                </IconButton>
              )}
              {bin}
            </div>
            <div className={`min-w-0 pr-2 ${UNTITLED}`}>{part}</div>
          </div>
        );
      })}
      <Button
        kind="quiet"
        className="h-7! self-start px-1.5!"
        icon={<Plus size={14} />}
        aria-label={`Add to ${label}`}
        onClick={() => onChange([...items, emptyOf(schema)])}
      >
        Add
      </Button>
    </fieldset>
  );
}
