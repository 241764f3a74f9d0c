/** Databases of others, which connections of type `postgres` lead to. */
import type { PostgresConfig } from '../core/connections/types/postgres.ts';
import type { Json } from '../core/json.ts';

export interface Databases {
  /**
   * Runs one statement in a transaction of its own. Throws `connection_failed`, `connection_denied`, `egress_denied`,
   * `query_failed` and `database_busy` (data: `sqlstate` and what else the server says), `timeout`, `limit_exceeded`,
   * and `in_doubt` where the connection broke while a change was committed.
   */
  run(config: PostgresConfig, statement: Statement, signal: AbortSignal): Promise<Rows>;
  /** Ends all connections. */
  stop(): Promise<void>;
}

export interface Statement {
  readonly sql: string;
  /** JSON for $1, $2, …: lists become arrays, objects JSON. */
  readonly params: readonly unknown[];
  /** Else the transaction is read only. */
  readonly write: boolean;
  /** Rows that are kept. */
  readonly maxRows: number;
  /** Milliseconds, for the statement. */
  readonly timeoutMs: number;
}

export interface Rows {
  readonly rows: readonly { readonly [column: string]: Json }[];
  /** Rows that were changed; of one that reads, those that are here. */
  readonly rowCount: number;
  /** There were more than `maxRows`. */
  readonly truncated: boolean;
}
