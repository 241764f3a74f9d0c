/**
 * SQL as templates over the `pg` package: values are always parameters, a statement inside another is spliced in.
 * A statement runs when it is awaited. Texts are prepared once per connection, under a name made from their order.
 */
import pg from 'pg';
import { sendAtOnce } from './at-once.ts';
import type { Query } from './query.ts';

// biome-ignore lint/suspicious/noExplicitAny: a row is what its statement selects; each operation says what it reads
export type Row = Record<string, any>;

export interface Sql {
  (strings: TemplateStringsArray, ...values: readonly unknown[]): Statement;
  /** A text with `$1`, `$2`, … Without parameters it may hold several commands. */
  unsafe(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

export interface Pool extends Sql {
  /** Commits when `work` resolves, rolls back when it rejects. The statements of `work` may be sent without waiting. */
  begin<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /** A transaction of these statements, in one round trip. */
  atOnce(queries: readonly Query[]): Promise<void>;
  /** A connection of one's own until it is given back; our side waits for as long as the server does. */
  reserve(): Promise<Reserved>;
  end(): Promise<void>;
}

interface Reserved extends Sql {
  release(): void;
}

/** Pipelined: none waits for the one before. */
export const runAll = (sql: Sql, queries: readonly Query[]): Promise<Row[][]> =>
  Promise.all(queries.map(({ text, parameters }) => sql.unsafe(text, parameters)));

type Ask = (text: string, parameters: readonly unknown[], name: string | undefined) => Promise<pg.QueryResult>;

/** One SQL text with its parameters; runs once, when it is first awaited. */
class Statement implements PromiseLike<Row[]> {
  readonly #strings: readonly string[];
  readonly #values: readonly unknown[];
  readonly #run: (statement: Statement) => Promise<Row[]>;
  #result: Promise<Row[]> | undefined;

  constructor(strings: readonly string[], values: readonly unknown[], run: (statement: Statement) => Promise<Row[]>) {
    this.#strings = strings;
    this.#values = values;
    this.#run = run;
  }

  // biome-ignore lint/suspicious/noThenProperty: a statement is awaited like the promise of its rows
  then<A = Row[], B = never>(
    done?: ((rows: Row[]) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#result ??= this.#run(this);
    return this.#result.then(done, failed);
  }

  /** Appends this statement's text to the parts, and its values to the parameters. */
  render(parts: string[], parameters: unknown[]): void {
    for (const [index, text] of this.#strings.entries()) {
      parts.push(text);
      if (index >= this.#values.length) continue;
      const value = this.#values[index];
      if (value instanceof Statement) value.render(parts, parameters);
      else parts.push(`$${parameters.push(value)}`);
    }
  }
}

/** Names of prepared statements by text. Texts come from our code only, so there are few. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

function sqlOver(ask: Ask): Sql {
  const run = async (statement: Statement): Promise<Row[]> => {
    const parts: string[] = [];
    const parameters: unknown[] = [];
    statement.render(parts, parameters);
    const text = parts.join('');
    return (await ask(text, parameters, nameOf(text))).rows;
  };
  const template = (strings: TemplateStringsArray, ...values: readonly unknown[]) =>
    new Statement(strings, values, run);
  const unsafe = async (text: string, parameters: readonly unknown[] = []) =>
    (await ask(text, parameters, parameters.length > 0 ? nameOf(text) : undefined)).rows;
  return Object.assign(template, { unsafe });
}

/** `bigint` columns are times and counts, which fit a number. */
const types = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

export interface PoolOptions {
  readonly max: number;
  /** Session settings such as `jit`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Milliseconds until a connection attempt is given up. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Longest statement on the server; our side gives up a little later, where no answer comes at all. */
const STATEMENT_TIMEOUT_MS = 30_000;
const SILENCE_MS = 35_000;
/** On a connection of one's own: a migration of millions of rows, or the wait for that of another process. */
const PATIENCE_MS = 86_400_000;
/** A process that is paused in the middle of a transaction holds its rows against all others: not for longer. */
const IDLE_IN_TRANSACTION_MS = 5_000;

export function openPool(url: string, { max, settings = {} }: PoolOptions): Pool {
  const words = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    application_name: 'myelin',
    options: words.join(' '),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: SILENCE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    idleTimeoutMillis: 0,
    keepAlive: true,
    pipeline: true,
  } as pg.PoolConfig);
  // An idle connection that breaks is replaced at its next use; that is all there is to do about it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const sql = sqlOver((text, parameters, name) => pool.query(configOf(text, parameters, name)));
  return Object.assign(sql, {
    begin: <T>(work: (tx: Sql) => Promise<T>) => begin(pool, work),
    atOnce: (queries: readonly Query[]) => atOnce(pool, queries),
    reserve: async () => {
      const client = await pool.connect();
      return Object.assign(sqlOn(client, PATIENCE_MS), { release: () => client.release() });
    },
    end: () => pool.end(),
  });
}

function sqlOn(client: pg.PoolClient, silence = SILENCE_MS): Sql {
  return sqlOver((text, parameters, name) =>
    client.query(Object.assign(configOf(text, parameters, name), { query_timeout: silence })),
  );
}

function configOf(text: string, parameters: readonly unknown[], name: string | undefined): pg.QueryConfig {
  return name === undefined ? { text } : { text, values: [...parameters], name };
}

async function begin<T>(pool: pg.Pool, work: (tx: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    const [, result] = await Promise.all([client.query('begin'), work(sqlOn(client))]);
    await client.query('commit');
    return result;
  } catch (error) {
    broken = await client.query('rollback').then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    client.release(broken);
  }
}

async function atOnce(pool: pg.Pool, queries: readonly Query[]): Promise<void> {
  const client = await pool.connect();
  let broken = true;
  try {
    await sendAtOnce(
      client,
      queries.map(({ text, parameters }) => ({ text, parameters, name: nameOf(text) })),
    );
    broken = false;
  } catch (error) {
    // What PostgreSQL refuses is rolled back, and the connection is as before.
    broken = !(error instanceof pg.DatabaseError);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Hears a channel for as long as it is not closed; `connected` is called whenever something may have been missed. */
export async function listen(
  url: string,
  channel: string,
  heard: (payload: string) => void,
  connected: () => void,
): Promise<{ close(): Promise<void> }> {
  let client: pg.Client | undefined;
  let closed = false;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
    next.on('error', () => undefined);
    next.on('notification', ({ payload }) => heard(payload ?? ''));
    await next.connect();
    await next.query(`listen ${channel}`);
    client = next;
    next.once('end', () => void reconnect());
    connected();
  };
  const reconnect = async (): Promise<void> => {
    while (!closed) {
      try {
        return await connect();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }
  };
  await connect();
  return {
    close: async () => {
      closed = true;
      await client?.end();
    },
  };
}

const RECONNECT_MS = 250;
