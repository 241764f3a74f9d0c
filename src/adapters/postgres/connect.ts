/**
 * Connections. Reads and single writes share a pool; the committer has two connections of their own whose planner is
 * pinned to nested loops over indexes: joins of `unnest` with a large table get a bad plan before there are statistics.
 */
import type { Sql as AnySql } from 'postgres';
import { postgres } from './driver.ts';

export type Sql = AnySql<{ bigint: number }>;

export interface Connections {
  readonly sql: Sql;
  readonly writer: Sql;
}

const types = { bigint: { to: 20, from: [20], parse: Number, serialize: String } };

const pinned = {
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_seqscan: 'off',
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
};

/** Seconds until a connection attempt is given up; a statement is by `statement_timeout`. */
const CONNECT_TIMEOUT_S = 5;

export function connect(url: string): Connections {
  const common = {
    types,
    onnotice: () => undefined,
    connect_timeout: CONNECT_TIMEOUT_S,
    idle_timeout: 0,
    max_lifetime: null,
    backoff: (retries: number) => Math.min(0.05 * 2 ** retries, 1),
  };
  const connection = { application_name: 'myelin', statement_timeout: 30_000 };
  return {
    sql: postgres(url, { ...common, max: 8, connection }),
    writer: postgres(url, { ...common, max: 2, connection: { ...connection, ...pinned } }),
  };
}
