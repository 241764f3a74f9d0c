/**
 * Connections. Reads and single writes share a pool; the committer has two connections of their own whose planner is
 * pinned to nested loops over indexes: joins of `unnest` with a large table get a bad plan before there are statistics.
 */
import { openPool, type Pool } from './sql.ts';

export interface Connections {
  readonly url: string;
  readonly sql: Pool;
  readonly writer: Pool;
}

const PINNED = {
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_seqscan: 'off',
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
};

export function connect(url: string): Connections {
  return { url, sql: openPool(url, { max: 8 }), writer: openPool(url, { max: 2, settings: PINNED }) };
}
