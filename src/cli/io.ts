/** What a command sees of the world; the program gives the real one, a test its own. */
import type { Config } from '../config/config.ts';
import type { Catalog } from '../core/definition/validate.ts';

export interface Output {
  write(text: string): unknown;
  /** Of a terminal. */
  readonly columns?: number;
  readonly rows?: number;
}

/** A server that this process runs. */
export interface Server {
  /** Where it listens. */
  readonly url: string;
  /** The owner's key, where this start made it: the first on its database. */
  readonly ownerKey: string | undefined;
  /** Aborted when the process is asked to end, by Ctrl-C or a signal. */
  readonly asked: AbortSignal;
  stop(): Promise<void>;
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
  /** Starts the server; resolves when it listens. */
  start(config: Config): Promise<Server>;
  /** The node and trigger types of this program, for checks without a server. */
  readonly catalog?: () => Promise<Catalog>;
  /** Resolves when the database at the address answers; for `doctor`. */
  readonly ping?: (databaseUrl: string) => Promise<void>;
  /** Hears Ctrl-C instead of being ended by it, until what it returns is called. */
  readonly onInterrupt?: (hear: () => void) => () => void;
  /** Ends what waits, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}
