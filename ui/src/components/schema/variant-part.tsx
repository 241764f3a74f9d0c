/** A value that may be one of several things: which one, then that one. */
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { IconButton } from '../button.tsx';
import { Select } from '../field.tsx';
import { type LeafProps, useForm } from './form.ts';
import { Hint } from './hint.tsx';
import { type JsonSchema, plainOf, shapeOf } from './shape.ts';
import { UNTITLED } from './untitled.ts';
import { carry, labelsOf, variantOf } from './variants.ts';

export function VariantPart({ variants, ...props }: LeafProps & { readonly variants: readonly JsonSchema[] }) {
  const { root, Part, fold } = useForm();
  const { label, schema: whole, required, value, fault, onChange, path } = props;
  const id = useId();
  const [chosen, setChosen] = useState<number>();
  const plain = variants.map((one) => plainOf(one, root));
  const found = variantOf(plain, value);
  // An empty value fits many: what was chosen stands as long as the value says nothing else.
  const stands = chosen !== undefined && variantOf([plain[chosen]!, plain[found]!], value) === 0;
  const index = stands ? chosen : found;
  const schema = plain[index] ?? {};
  const choose = (next: number) => {
    setChosen(next);
    onChange(carry(value, plain[next] ?? {}));
  };
  const select = (
    <Select
      id={id}
      className={path === '' ? 'w-full!' : 'h-6! ml-auto py-0! text-xs'}
      options={labelsOf(plain).map((one, at) => ({ value: String(at), label: one }))}
      value={String(index)}
      onChange={(event) => choose(Number(event.target.value))}
    />
  );
  const isFramed = path !== '' && shapeOf(schema).kind === 'object';
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className={path === '' ? 'sr-only' : 'schema-label font-medium text-muted text-xs'}>
          {path === '' ? 'What it does' : `${label}${required || fold ? '' : ' (optional)'}`}
        </label>
        {select}
        {fold && !required && value !== undefined && (
          <IconButton label={`Remove ${label}`} className="size-5!" onClick={() => onChange(undefined)}>
            <X size={12} />
          </IconButton>
        )}
      </div>
      <div className={`${UNTITLED} ${isFramed ? 'mt-1 border-line border-l-2 pl-3' : ''} ${path === '' ? 'mt-2' : ''}`}>
        <Part {...props} key={index} schema={untitled(schema)} required fault={fault} />
      </div>
      {path !== '' && whole.description && !fault && (
        <p className="text-faint text-xs">
          <Hint text={whole.description} />
        </p>
      )}
    </div>
  );
}

const untitled = ({ title: _, ...schema }: JsonSchema): JsonSchema => schema;
