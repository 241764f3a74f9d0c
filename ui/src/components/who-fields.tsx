/** Who decides, and in whose name. */
import { Field, Input, Select } from './field.tsx';
import type { Who } from './who.ts';

interface WhoFieldsProps {
  readonly who: Who;
  /** Says what is missing; not before somebody wanted to send it. */
  readonly isChecked: boolean;
}

export function WhoFields({ who, isChecked }: WhoFieldsProps) {
  const say = isChecked ? who.fault : undefined;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Who decides" fault={say?.of === 'name' ? say.message : undefined}>
        {(ids) => (
          <Input
            {...ids}
            autoComplete="name"
            maxLength={200}
            placeholder="Your name"
            value={who.name}
            onChange={(event) => who.setName(event.target.value)}
          />
        )}
      </Field>
      {who.choices.length > 0 && (
        <Field label="In whose name" fault={say?.of === 'as' ? say.message : undefined}>
          {(ids) => (
            <Select
              {...ids}
              className="w-full!"
              options={who.choices}
              value={who.as}
              onChange={(event) => who.setAs(event.target.value)}
            />
          )}
        </Field>
      )}
    </div>
  );
}
