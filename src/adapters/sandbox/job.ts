/** What goes to a thread of the sandbox and what comes back: plain data, one job at a time. */

export interface Job {
  readonly source: string;
  /** JSON text of an object: the global names and their values. */
  readonly globals: string;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

export type Outcome =
  | { readonly json: string }
  | { readonly code: 'code_failed' | 'code_limit'; readonly message: string; readonly line?: number | undefined };

/** The first message of a thread: QuickJS is loaded. */
export const READY = 'ready';

/** Largest result as JSON text in UTF-8: 4 MiB. */
export const RESULT_BYTES = 4 * 1024 * 1024;

export function timeLimit(timeoutMs: number): Outcome {
  return {
    code: 'code_limit',
    message: `The code ran longer than its ${timeoutMs} ms; do less, or raise \`timeout\`.`,
  };
}

export function collapse(): Outcome {
  return { code: 'code_limit', message: 'The code calls or nests too deeply and used up its stack.' };
}
