/** What a command sees of the world; the program gives the real one, a test its own. */
import type { Catalog } from '../core/definition/validate.ts';

export interface Output {
  write(text: string): unknown;
  /** Of a terminal. */
  readonly columns?: number;
  readonly rows?: number;
}

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** For `--input -`; absent: there is none. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** The output is a terminal: colors, and drawing in place. */
  readonly isTTY: boolean;
  /** Runs the server; resolves when it runs or has stopped, as the program likes. */
  start(): Promise<void>;
  /** The node and trigger types of this program, for checks without a server. */
  readonly catalog?: () => Catalog;
  /** Resolves when the database at the address answers; for `doctor`. */
  readonly ping?: (databaseUrl: string) => Promise<void>;
  /** Ends what waits, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}
