/** A status as a dot and its word. */
import clsx from 'clsx';
import type { ReactNode } from 'react';
import { TONES, type Tone, toneOf } from './tone.ts';

/** Statuses in which something happens by itself. */
const MOVING = new Set(['running', 'compensating', 'catching_up']);

export function Status({ status, className }: { readonly status: string; readonly className?: string }) {
  const tone = TONES[toneOf(status)];
  return (
    <span className={clsx('inline-flex items-center gap-1.5 whitespace-nowrap', tone.text, className)}>
      <span className={clsx('size-2 rounded-full', tone.dot, MOVING.has(status) && 'animate-pulse')} />
      {status.toLowerCase().replaceAll('_', ' ')}
    </span>
  );
}

export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span
      className={clsx('inline-flex items-center gap-1 rounded-sm px-1.5 py-0.5 font-medium text-2xs', TONES[tone].soft)}
    >
      {children}
    </span>
  );
}
