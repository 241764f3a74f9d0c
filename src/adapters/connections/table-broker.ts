/**
 * An outbox table in a database of others, as a broker: rows are locked, taken and deleted in one transaction of that
 * database, so several processes share them out, and what was taken by one that died comes again.
 */
import pg from 'pg';
import { LARGEST_READ } from '../../core/brokers/received.ts';
import type { PostgresConfig } from '../../core/connections/types/postgres.ts';
import { parseDuration } from '../../core/duration.ts';
import { MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import type { Broker, ReceivedMessage, Subscription } from '../../ports/brokers.ts';
import type { Egress } from '../../ports/egress.ts';
import { clientConfig } from './database-client.ts';
import { signInFailure, statementFailure } from './database-failure.ts';
import { testPostgres } from './test-postgres.ts';

/** What of a trigger's config it reads by. */
interface Source {
  readonly table: string;
  readonly channel?: string;
  readonly every?: string;
  readonly key?: string;
}

interface Row {
  readonly id: string;
  readonly payload: string | null;
  readonly key: string | null;
  readonly headers: unknown;
  readonly created_at: string | null;
  /** Rows that this one was locked with, itself among them. */
  readonly locked: number;
}

const EVERY = '5s';
/** A statement that takes longer than this is given up. */
const STATEMENT_MS = 30_000;
/** Rows that wait are counted so far. */
const MOST_COUNTED = 10_000;

export function tableBroker(egress: Pick<Egress, 'socket'>): Broker {
  return {
    type: 'table',
    connectionType: 'postgres',
    consume: (subscription, signal) => consume(egress, subscription, signal),
    sender: () => {
      throw new MyelinError('broker_refused', 'Nothing is published to a table: use postgres.insert.');
    },
    test: (config, signal) => testPostgres(egress, config as PostgresConfig, signal),
    close: async () => undefined,
  };
}

async function consume(egress: Pick<Egress, 'socket'>, of: Subscription, signal: AbortSignal): Promise<void> {
  const config = of.connection.config as PostgresConfig;
  const { channel } = of.config as unknown as Source;
  const client = new pg.Client({ ...clientConfig(egress, config), statement_timeout: STATEMENT_MS });
  const bell = new Bell();
  client.on('error', (error) => bell.break(error));
  client.on('end', () => bell.break(new MyelinError('connection_failed', `${config.host} has ended the connection.`)));
  client.on('notification', () => bell.ring());
  const stop = () => bell.break(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect().catch((error: unknown) => {
      throw signInFailure(error, config);
    });
    if (channel !== undefined) await client.query(`listen ${client.escapeIdentifier(channel)}`);
    await read(client, bell, of, signal);
  } catch (error) {
    if (!signal.aborted) throw statementFailure(error, config, STATEMENT_MS);
  } finally {
    signal.removeEventListener('abort', stop);
    // Locks are given back with the connection, whatever it was at.
    await client.end().catch(() => undefined);
  }
}

async function read(client: pg.Client, bell: Bell, of: Subscription, signal: AbortSignal): Promise<void> {
  const { every = EVERY } = of.config as unknown as Source;
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    bell.hush();
    // Before it locks anything: a row that is locked is in the way of others, and so is a transaction that waits.
    await of.ready();
    if (signal.aborted) return;
    const isAll = await inTransaction(client, () => takeBatch(client, of));
    if (isFirst) of.listening();
    of.lag(isAll ? 0 : await waiting(client, of));
    if (isAll) await bell.wait(parseDuration(every));
  }
}

/** Undone where the store is away: the rows come again. */
async function inTransaction(client: pg.Client, take: () => Promise<boolean>): Promise<boolean> {
  await client.query('begin');
  try {
    const isAll = await take();
    await client.query('commit');
    return isAll;
  } catch (error) {
    if (!(error instanceof MyelinError) || error.code !== 'store_unavailable') throw error;
    await client.query('rollback');
    return false;
  }
}

/** False where more may wait. */
async function takeBatch(client: pg.Client, of: Subscription): Promise<boolean> {
  const { table, key } = of.config as unknown as Source;
  const name = nameOf(client, table);
  // Rows of one key keep their order only where one process takes at a time.
  const isTurn = key === undefined || (await isMyTurn(client, table));
  const { rows } = isTurn ? await client.query<Row>(lockRows(name), [of.batch]) : { rows: [] };
  if (rows.length > 0) {
    await of.takeNow(rows.map((row) => toReceived(of, table, row)));
    await client.query(`delete from ${name} where id = any($1)`, [rows.map(({ id }) => id)]);
  }
  const [first] = rows;
  return first === undefined || (rows.length < of.batch && rows.length === first.locked);
}

/**
 * Columns that a table need not have are read by way of the whole row. Of the rows that are locked those come that fit
 * into memory; the others have their turn when these are gone.
 */
const lockRows = (name: string): string => `
  select id, payload, key, headers, created_at, locked::int as locked
    from (select rows.*, count(*) over () as locked,
                 sum(octet_length(payload)) over (order by place) - octet_length(payload) as before
            from (select t.id as place, t.id::text as id, t.payload::text as payload, r.json ->> 'key' as key,
                         r.json -> 'headers' as headers, r.json ->> 'created_at' as created_at
                    from ${name} t cross join lateral (select to_jsonb(t) - 'payload' as json) r
                   order by t.id limit $1
                     for update of t skip locked) rows) sized
   where coalesce(before, 0) < ${LARGEST_READ}
   order by place`;

async function isMyTurn(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as got',
    [`myelin ${table}`],
  );
  return rows[0]?.got === true;
}

async function waiting(client: pg.Client, of: Subscription): Promise<number> {
  const name = nameOf(client, (of.config as unknown as Source).table);
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from (select from ${name} limit ${MOST_COUNTED}) rows`,
  );
  return rows[0]?.count ?? 0;
}

const nameOf = (client: pg.Client, table: string): string =>
  table
    .split('.')
    .map((word) => client.escapeIdentifier(word))
    .join('.');

/** With its time in the id: a table that was emptied may give its numbers again. */
function toReceived({ connection }: Subscription, table: string, row: Row): ReceivedMessage {
  const { id, payload, key, headers, created_at: createdAt } = row;
  const at = createdAt === null ? Number.NaN : Date.parse(createdAt);
  return {
    id: JSON.stringify([connection.id, table, id, createdAt]),
    value: payload === null ? null : Buffer.from(payload),
    key,
    headers: Object.fromEntries(
      Object.entries(isObject(headers) ? headers : {}).map(([name, one]) => [name, String(one)]),
    ),
    ...(!Number.isNaN(at) && { timestamp: at }),
    place: { table, id },
  };
}

/** Wakes who waits: something came, or nothing will. */
class Bell {
  #rang = false;
  #broken: { readonly by: unknown } | undefined;
  #wake: () => void = () => undefined;

  ring(): void {
    this.#rang = true;
    this.#wake();
  }

  break(by: unknown): void {
    this.#broken ??= { by };
    this.#wake();
  }

  /** What rings from now on counts. */
  hush(): void {
    this.#rang = false;
  }

  /** Rejects where the connection has ended. */
  async wait(ms: number): Promise<void> {
    if (!this.#rang && this.#broken === undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    if (this.#broken !== undefined) throw this.#broken.by;
  }
}
