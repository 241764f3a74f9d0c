/** Buttons. `primary` is the one thing to do on a page; `danger` cannot be undone. */
import clsx from 'clsx';
import type { ComponentProps, ReactNode } from 'react';
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
}

const BASE =
  'inline-flex h-8 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-3 font-medium transition-colors disabled:opacity-50';

export function Button({ kind = 'plain', icon, busy = false, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={clsx(BASE, KINDS[kind], className)}
    >
      {icon}
      {children}
    </button>
  );
}

/** The classes of a button, for a link that looks like one. */
export const buttonClass = (kind: keyof typeof KINDS = 'plain'): string => clsx(BASE, KINDS[kind]);

interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does; read out, and shown when the pointer rests on it. */
  readonly label: string;
  /** Keys that do the same, as text: `⌘K`. */
  readonly keys?: string;
}

export function IconButton({ label, keys, className, children, ...rest }: IconButtonProps) {
  return (
    <Tip text={label} {...(keys && { keys })}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={clsx(
          'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text disabled:opacity-40 aria-pressed:bg-hover aria-pressed:text-text',
          className,
        )}
      >
        {children}
      </button>
    </Tip>
  );
}
