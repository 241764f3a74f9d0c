/** A value that may be one of several things: which one, then that one. */
import { useId, useState } from 'react';
import { Select } from '../field.tsx';
import { type LeafProps, useForm } from './form.ts';
import { Titled } from './optional.tsx';
import { type JsonSchema, plainOf, shapeOf } from './shape.ts';
import { carry, labelsOf, variantOf } from './variants.ts';

export function VariantPart({ variants, ...props }: LeafProps & { readonly variants: readonly JsonSchema[] }) {
  const { root, Part } = useForm();
  const { label, value, onChange, path } = props;
  const id = useId();
  const [chosen, setChosen] = useState<number>();
  const plain = variants.map((one) => plainOf(one, root));
  const found = variantOf(plain, value);
  // An empty value fits many: what was chosen stands as long as the value says nothing else.
  const index = chosen !== undefined && variantOf([plain[chosen]!, plain[found]!], value) === 0 ? chosen : found;
  const schema = plain[index] ?? {};
  const labels = labelsOf(plain);
  const choose = (next: number) => {
    setChosen(next);
    onChange(carry(value, plain[next] ?? {}));
  };
  const isWhole = path === '' || shapeOf(schema).kind === 'object';
  return (
    <Titled {...props}>
      <div>
        <label htmlFor={id} className="sr-only">
          Kind of {label || 'settings'}
        </label>
        <Select
          id={id}
          className="w-full!"
          options={labels.map((one, at) => ({ value: String(at), label: one }))}
          value={String(index)}
          onChange={(event) => choose(Number(event.target.value))}
        />
      </div>
      <div className={isWhole ? '[&>fieldset>legend]:sr-only [&>fieldset]:border-0 [&>fieldset]:pl-0' : ''}>
        <Part {...props} key={index} schema={withoutTitle(schema)} required fault={undefined} />
      </div>
    </Titled>
  );
}

/** The choice has said it already. */
const withoutTitle = ({ title: _, ...schema }: JsonSchema): JsonSchema => schema;
