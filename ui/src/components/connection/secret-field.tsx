/** A field whose value is never shown again: one that is set is kept, replaced or taken away. */
import { Button } from '../button.tsx';
import { Field, Input } from '../field.tsx';
import type { LeafProps } from '../schema/form.ts';
import { Hint } from '../schema/hint.tsx';

interface SecretFieldProps extends LeafProps {
  readonly isSet: boolean;
}

export function SecretField({ label, schema, value, fault, onChange, isSet }: SecretFieldProps) {
  const isGone = value === null;
  const hint = isGone ? 'It is taken away with the change.' : <Hint text={schema.description} />;
  return (
    <Field label={isSet ? `${label} (is set)` : label} hint={hint} fault={fault}>
      {(ids) => (
        <div className="flex gap-2">
          <Input
            {...ids}
            type="password"
            // Browsers offer to keep what goes into a field of another kind.
            autoComplete="new-password"
            disabled={isGone}
            placeholder={isSet && !isGone ? 'Kept as it is' : ''}
            value={typeof value === 'string' ? value : ''}
            onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
          />
          {isSet && (
            <Button kind="quiet" onClick={() => onChange(isGone ? undefined : null)}>
              {isGone ? 'Keep' : 'Remove'}
            </Button>
          )}
        </div>
      )}
    </Field>
  );
}
