/**
 * Buttons. `primary` is the one thing to do on a page; `danger` cannot be undone. One that names its `operation` is dimmed
 * for whoever may not do it, and says why.
 */
import clsx from 'clsx';
import type { ComponentProps, ReactNode } from 'react';
import type { OperationId } from '../api/call.ts';
import { useRefusal } from '../api/role.ts';
import { Refused } from './refused.tsx';
import { Tip } from './tip.tsx';

const KINDS = {
  primary: 'bg-accent text-on-accent hover:opacity-95 border-transparent',
  plain: 'bg-raised text-text border-line hover:bg-hover',
  quiet: 'border-transparent text-muted hover:bg-hover hover:text-text',
  danger: 'bg-raised text-bad border-line hover:bg-bad-soft',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: keyof typeof KINDS;
  readonly icon?: ReactNode;
  readonly busy?: boolean;
  readonly operation?: OperationId | undefined;
}

const BASE =
  'inline-flex h-8 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-3 font-medium transition-colors disabled:opacity-50 aria-disabled:cursor-default aria-disabled:opacity-50';

export function Button({ kind = 'plain', icon, busy = false, operation, className, children, ...rest }: ButtonProps) {
  const refusal = useRefusal()(operation);
  const shown = (props: ComponentProps<'button'>) => (
    <button type="button" {...rest} {...props} className={clsx(BASE, KINDS[kind], className)}>
      {icon}
      {children}
    </button>
  );
  if (refusal !== undefined) return <Refused why={refusal}>{shown}</Refused>;
  return shown({ disabled: rest.disabled || busy, 'aria-busy': busy || undefined });
}

/** The classes of a button, for a link that looks like one. */
export const buttonClass = (kind: keyof typeof KINDS = 'plain'): string => clsx(BASE, KINDS[kind]);

interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does; read out, and shown when the pointer rests on it. */
  readonly label: string;
  /** Keys that do the same, as text: `⌘K`. */
  readonly keys?: string;
  readonly operation?: OperationId | undefined;
}

export function IconButton({ label, keys, operation, className, children, ...rest }: IconButtonProps) {
  const refusal = useRefusal()(operation);
  const shown = (props: ComponentProps<'button'>) => (
    <button
      type="button"
      aria-label={label}
      {...rest}
      {...props}
      className={clsx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text disabled:opacity-40 aria-disabled:cursor-default aria-disabled:opacity-40 aria-pressed:bg-hover aria-pressed:text-text',
        className,
      )}
    >
      {children}
    </button>
  );
  if (refusal !== undefined) return <Refused why={`${label}: ${refusal}`}>{shown}</Refused>;
  return (
    <Tip text={label} {...(keys && { keys })}>
      {shown({})}
    </Tip>
  );
}
