/** How a command is hung into the program: it gets its context, and returns its exit code. */
import type { Command } from 'commander';
import type { Context } from './context.ts';

/** Turns a command's body into what commander calls: arguments, then options. */
export type Run = <A extends unknown[]>(
  body: (context: Context, ...args: A) => Promise<number>,
) => (...args: unknown[]) => Promise<void>;

export type AddCommand = (program: Command, run: Run) => void;
