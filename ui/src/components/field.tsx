/** Inputs with their labels. What is wrong stands below the field. */
import clsx from 'clsx';
import { type ComponentProps, type ReactNode, useId } from 'react';

const BOX =
  'rounded-md border border-line bg-raised px-2.5 text-text placeholder:text-faint hover:border-strong focus:border-accent focus:outline-none aria-invalid:border-bad disabled:opacity-60';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  /** Gets the ids that join the control to its words. */
  readonly children: (ids: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid'?: true;
  }) => ReactNode;
}

export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId();
  const described = `${id}-hint`;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-muted text-xs">
        {label}
      </label>
      {children({ id, 'aria-describedby': described, ...(fault !== undefined && { 'aria-invalid': true as const }) })}
      <div id={described} className={clsx('text-xs empty:hidden', fault ? 'text-bad' : 'text-faint')}>
        {fault ?? hint}
      </div>
    </div>
  );
}

export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input autoComplete="off" spellCheck={false} {...rest} className={clsx(BOX, 'h-8 w-full', className)} />
);

export const TextArea = ({ className, ...rest }: ComponentProps<'textarea'>) => (
  <textarea spellCheck={false} rows={3} {...rest} className={clsx(BOX, 'w-full py-1.5', className)} />
);

interface SelectProps extends Omit<ComponentProps<'select'>, 'children'> {
  readonly options: readonly (string | { readonly value: string; readonly label: string })[];
}

const choiceOf = (option: SelectProps['options'][number]) =>
  typeof option === 'string' ? { value: option, label: option } : option;

/**
 * The browser's own: the best one on a telephone and by keyboard. What is chosen is shown even where it is none of the options:
 * they may still be on their way, or what it names is gone.
 */
export function Select({ options, className, ...rest }: SelectProps) {
  const choices = options.map(choiceOf);
  const { value } = rest;
  if (typeof value === 'string' && value !== '' && choices.every((one) => one.value !== value))
    choices.push({ value, label: value });
  return (
    <select {...rest} className={clsx(BOX, 'h-8 max-w-full pr-7', className)}>
      {choices.map((one) => (
        <option key={one.value} value={one.value}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

export function Check({ label, ...rest }: { readonly label: ReactNode } & ComponentProps<'input'>) {
  return (
    <label className="inline-flex items-center gap-2">
      <input type="checkbox" {...rest} className="size-3.5 accent-accent" />
      {label}
    </label>
  );
}
