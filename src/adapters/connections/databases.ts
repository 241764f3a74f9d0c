/**
 * Statements in databases of others: a few connections to each, kept for a while and handed on as if they were new.
 * The values that a result has do not depend on settings of the server: those of its text form are set here.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import type { PostgresConfig } from '../../core/connections/types/postgres.ts';
import { MyelinError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { isUnsafeKey } from '../../core/safe-json.ts';
import type { Databases, Rows, Statement } from '../../ports/database.ts';
import type { Egress } from '../../ports/egress.ts';
import { clientConfig } from './database-client.ts';
import { signInFailure, statementFailure } from './database-failure.ts';
import { readValue } from './database-values.ts';

/** To one database, of one process. */
const MOST_CONNECTIONS = 10;
/** Milliseconds. */
const IDLE_MS = 30_000;
/** Milliseconds beyond its limit after which a server that should have ended a statement is taken for dead. */
const GRACE_MS = 5_000;
/** Of the rows that are kept, as the server writes them. */
const LARGEST_RESULT = 16 * 1024 * 1024;

export function createDatabases(egress: Pick<Egress, 'socket'>): Databases {
  const pools = new Map<string, pg.Pool>();
  /** By all of the config: one that was changed is another database. */
  const poolOf = (config: PostgresConfig): pg.Pool => {
    const key = createHash('sha256').update(JSON.stringify(config)).digest('base64');
    const known = pools.get(key);
    if (known !== undefined) return known;
    const pool = new pg.Pool({
      ...clientConfig(egress, config),
      ...{ max: MOST_CONNECTIONS, idleTimeoutMillis: IDLE_MS, allowExitOnIdle: true },
    });
    // One that breaks while nobody uses it is replaced.
    pool.on('error', () => undefined);
    pool.on('remove', () => {
      if (pool.totalCount === 0 && pool.waitingCount === 0 && pools.get(key) === pool) pools.delete(key);
    });
    pools.set(key, pool);
    return pool;
  };
  return {
    run: (config, statement, signal) => run(poolOf(config), config, statement, signal),
    stop: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      pools.clear();
    },
  };
}

async function run(pool: pg.Pool, config: PostgresConfig, statement: Statement, outer: AbortSignal): Promise<Rows> {
  const client = await pool.connect().catch((error: unknown) => {
    throw signInFailure(error, config);
  });
  const signal = AbortSignal.any([outer, AbortSignal.timeout(statement.timeoutMs + GRACE_MS)]);
  let isOver = false;
  /** Once: one that is dropped ends, and the server undoes what was not committed. */
  const leave = (dropped: boolean): void => {
    if (isOver) return;
    isOver = true;
    signal.removeEventListener('abort', drop);
    client.removeListener('error', drop);
    client.release(dropped);
  };
  const drop = () => leave(true);
  client.on('error', drop);
  signal.addEventListener('abort', drop, { once: true });
  try {
    if (signal.aborted) throw new MyelinError('interrupted');
    const result = await within(client, config, statement);
    // Nobody waits until it is as if new.
    if (result.isWhole) void renew(client).then(leave);
    else drop();
    return result.rows;
  } catch (error) {
    const failure = statementFailure(error, config, statement.timeoutMs);
    // It is gone, or sends on what nobody wants.
    if (failure === error || failure.code === 'connection_failed') drop();
    else
      void client
        .query('rollback')
        .then(
          () => renew(client),
          () => true,
        )
        .then(leave);
    if (signal.aborted && !outer.aborted && failure.code === 'connection_failed') {
      throw new MyelinError('timeout', `The statement took longer than ${statement.timeoutMs} ms.`);
    }
    throw failure;
  }
}

/** True where it is of no more use. */
const renew = (client: pg.ClientBase): Promise<boolean> =>
  client.query('discard all').then(
    () => false,
    () => true,
  );

interface Outcome {
  readonly rows: Rows;
  /** The server has nothing more to say of it. */
  readonly isWhole: boolean;
}

async function within(client: pg.ClientBase, config: PostgresConfig, statement: Statement): Promise<Outcome> {
  const { write, timeoutMs } = statement;
  await client.query(
    `begin ${write ? 'read write' : 'read only'}; set local datestyle = 'ISO'; set local bytea_output = 'hex';
     set local intervalstyle = 'iso_8601'; set local extra_float_digits = 1;
     set local statement_timeout = ${Math.ceil(timeoutMs)}`,
  );
  const outcome = await read(client, statement);
  if (outcome.isWhole) {
    await client.query('commit').catch((error: unknown) => {
      const failure = statementFailure(error, config, timeoutMs);
      if (!write || failure.code !== 'connection_failed') throw failure;
      throw new MyelinError('in_doubt', `The connection broke while ${config.database} committed the change.`);
    });
  }
  return outcome;
}

/** Values come as the server writes them, and are read by us. */
const AS_TEXT = { getTypeParser: () => String };

/** One that reads is left as soon as it has more rows than are wanted; of one that writes, the others are dropped. */
function read(client: pg.ClientBase, { sql, params, maxRows, write }: Statement): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const rows: Record<string, Json>[] = [];
    let [size, truncated] = [0, false];
    const config = {
      ...{ text: sql, values: [...params], types: AS_TEXT, rowMode: 'array' },
      // Else several statements could be in one text, and the first could end our transaction.
      queryMode: 'extended',
    };
    const query = new pg.Query<(string | null)[]>(config);
    query.on('row', (values, result) => {
      if (rows.length >= maxRows) {
        truncated = true;
        if (!write) resolve({ rows: { rows, rowCount: rows.length, truncated }, isWhole: false });
        return;
      }
      for (const value of values) size += value?.length ?? 0;
      try {
        if (size > LARGEST_RESULT) throw tooLarge();
        rows.push(rowOf(result?.fields ?? [], values));
      } catch (error) {
        reject(error);
      }
    });
    query.on('error', reject);
    query.on('end', ({ rowCount }) => resolve({ rows: { rows, rowCount: rowCount ?? 0, truncated }, isWhole: true }));
    client.query(query);
  });
}

const tooLarge = (): MyelinError =>
  new MyelinError(
    'limit_exceeded',
    `The rows pass ${LARGEST_RESULT} bytes: name fewer columns, or take less of them by maxRows.`,
  );

function rowOf(fields: readonly pg.FieldDef[], values: readonly (string | null)[]): Record<string, Json> {
  return Object.fromEntries(
    fields.map(({ name, dataTypeID }, at) => {
      if (isUnsafeKey(name))
        throw new MyelinError('unsafe_key', `A column is named ${name}: give it another by \`as\`.`);
      return [name, readValue(dataTypeID, values[at] ?? null)];
    }),
  );
}
