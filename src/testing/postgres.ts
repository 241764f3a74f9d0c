/** A database of its own for each test that wants one, on the server that `global-setup.ts` provides. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';

export interface TestDatabase {
  readonly url: string;
  /** Ends the connections to it and removes it. */
  drop(): Promise<void>;
}

/** A new empty database; takes some 30 ms. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  if (!server) throw new Error('No PostgreSQL: this test belongs to a project without src/testing/global-setup.ts');
  const name = `test_${randomBytes(8).toString('hex')}`;
  // Copying files is faster than writing the copy to the log, as long as nothing has to be synced.
  await onServer(server, `create database ${name} template template0 strategy file_copy`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(server, `drop database if exists ${name} with (force)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
