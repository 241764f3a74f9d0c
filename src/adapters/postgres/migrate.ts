/**
 * Brings a database up to date: the numbered files of a folder in order, each in a transaction of its own, so that
 * a failure leaves the last whole step. An advisory lock lets one process work while the others wait and find it done.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import type { Pool, Sql } from './sql.ts';

interface Migration {
  readonly version: number;
  /** File name. */
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** "myelin" in ASCII: any number would do, as long as it is always the same. */
const LOCK = '120365470477678';
const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * Applies what is missing and answers the versions before and after; 0 is an empty database. `folder` ends in `/`.
 * Throws `schema_newer` when the database is ahead of the files, and `config_refused` when an applied file was
 * changed, is gone or got a new neighbor below it; a file that fails throws `internal` with PostgreSQL's message.
 */
export async function migrate(sql: Pool, folder: URL = FOLDER): Promise<{ from: number; to: number }> {
  const migrations = await readMigrations(folder);
  const connection = await sql.reserve();
  try {
    // Another process may be at a long step.
    await connection`set statement_timeout = 0`;
    await connection`select pg_advisory_lock(${LOCK}::bigint)`;
    try {
      return await applyMissing(connection, migrations);
    } finally {
      await connection`select pg_advisory_unlock(${LOCK}::bigint)`;
      await connection`reset statement_timeout`;
    }
  } finally {
    connection.release();
  }
}

async function applyMissing(connection: Sql, migrations: readonly Migration[]) {
  const applied = await readApplied(connection);
  const from = applied.at(-1)?.version ?? 0;
  refuseNewer(from, migrations);
  refuseChanged(applied, migrations);
  const missing = migrations.slice(applied.length);
  for (const migration of missing) await apply(connection, migration);
  return { from, to: missing.at(-1)?.version ?? from };
}

async function readApplied(connection: Sql): Promise<Applied[]> {
  const [found] = await connection`select to_regclass('schema_migrations') is not null as there`;
  if (!found!.there) {
    await connection`
      create table schema_migrations (
        version int primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`;
  }
  return (await connection`select version, name, checksum from schema_migrations order by version`) as Applied[];
}

function refuseNewer(from: number, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  if (from <= newest) return;
  throw new MyelinError(
    'schema_newer',
    `The database has schema version ${from}, this Myelin knows versions up to ${newest}: ` +
      'start the newer Myelin, or use another database',
    { database: from, newest },
  );
}

/** What was applied must be exactly the first files of the folder. */
function refuseChanged(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const [index, { version, name, checksum }] of applied.entries()) {
    const file = migrations[index];
    if (file?.version === version && file.checksum === checksum) continue;
    const trouble =
      file?.version === version
        ? `was changed after it was applied`
        : `was applied but is not the file in its place (${file?.name ?? 'none'})`;
    throw new MyelinError(
      'config_refused',
      `Migration ${name} ${trouble}: restore it as it was, and put the change into a new file with the next number`,
    );
  }
}

async function apply(connection: Sql, { version, name, text, checksum }: Migration): Promise<void> {
  try {
    await connection`begin`;
    await connection.unsafe(text);
    await connection`
      insert into schema_migrations (version, name, checksum) values (${version}, ${name}, ${checksum})`;
    await connection`commit`;
  } catch (error) {
    // A connection that broke is not the fault of the file, and has rolled back by itself.
    if (!isObject(error) || typeof error.severity !== 'string') throw error;
    await connection`rollback`;
    throw new MyelinError(
      'internal',
      `Migration ${name} failed: ${String(error.message)}`,
      { code: error.code },
      error,
    );
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const migrations = await Promise.all(names.map((name) => readMigration(folder, name)));
  const twin = migrations.find((migration, index) => migration.version === migrations[index + 1]?.version);
  if (twin) throw new MyelinError('config_refused', `Two migrations have number ${twin.version}: renumber one`);
  return migrations;
}

async function readMigration(folder: URL, name: string): Promise<Migration> {
  const digits = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
  if (digits === undefined) {
    throw new MyelinError('config_refused', `${name} is no name for a migration: it takes the form 0001_words.sql`);
  }
  // A checkout may have turned the line ends; the migration is the same.
  const text = (await readFile(new URL(name, folder), 'utf8')).replaceAll('\r\n', '\n');
  const checksum = createHash('sha256').update(text).digest('hex');
  return { version: Number(digits), name, text, checksum };
}
