/** The frame of what has parts: its title, and a button that makes or removes what is optional. */
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../button.tsx';
import { type LeafProps, useForm } from './form.ts';
import { Hint } from './hint.tsx';
import { emptyOf } from './shape.ts';

/** In a folded form nothing is shown of an optional part until somebody wants it. */
export function Optional({ children, ...props }: LeafProps & { readonly children: ReactNode }) {
  const { fold } = useForm();
  const { label, schema, required, value, onChange, path } = props;
  if (!fold || required || path === '' || value !== undefined) return children;
  return (
    <div className="flex items-start justify-between gap-2">
      <p className="min-w-0 pt-1 text-xs">
        <span className="font-medium text-muted">{label}</span>
        {schema.description && (
          <span className="block text-faint">
            <Hint text={schema.description} />
          </span>
        )}
      </p>
      <Button
        className="h-7! shrink-0"
        icon={<Plus size={13} />}
        aria-label={`Add ${label}`}
        onClick={() => onChange(emptyOf(schema))}
      >
        Add
      </Button>
    </div>
  );
}

/** The whole of a form has no title of its own. */
export function Titled(props: LeafProps & { readonly children: ReactNode; readonly bare?: boolean }) {
  const { path, label, schema, required, fault, onChange, children } = props;
  const { fold } = useForm();
  if (path === '') {
    return (
      <div className="flex flex-col gap-3">
        {children}
        {fault && <p className="text-bad text-xs">{fault}</p>}
      </div>
    );
  }
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 border-line border-l-2 pl-3">
      <legend className="mb-1 flex items-center gap-1 font-medium text-muted text-xs">
        {label}
        {fold && !required && (
          <IconButton label={`Remove ${label}`} className="size-5!" onClick={() => onChange(undefined)}>
            <X size={12} />
          </IconButton>
        )}
      </legend>
      {schema.description && (
        <p className="text-faint text-xs">
          <Hint text={schema.description} />
        </p>
      )}
      {fault && <p className="text-bad text-xs">{fault}</p>}
      {children}
    </fieldset>
  );
}
