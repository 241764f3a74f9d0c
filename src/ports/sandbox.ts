import type { Json } from '../core/json.ts';

/** Runs user code outside the engine's realm and thread: no file system, network, environment or process. */
export interface Sandbox {
  /** Throws `code_failed` or `code_limit`. Frees thread and memory whatever happens. */
  run(program: Program): Promise<Json>;
  stop(): Promise<void>;
}

export interface Program {
  /** A function body in JavaScript; its `return` is the result. */
  readonly source: string;
  /** Global names the code sees, such as `$json`; copied in as JSON. */
  readonly globals: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
}
