/** Writes src/adapters/postgres/schema.sql from the migrations: `npm run schema`. A test keeps the two equal. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres/embedded-postgres.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { openPool } from '../src/adapters/postgres/sql.ts';
import { schemaText } from '../src/testing/schema-text.ts';

const home = mkdtempSync(join(tmpdir(), 'myelin-schema-'));
const silent = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };
const server = await startEmbeddedPostgres({ home, log: silent, settings: { fsync: 'off' } });
const sql = openPool(server.url, { max: 1 });
try {
  await migrate(sql);
  const file = fileURLToPath(new URL('../src/adapters/postgres/schema.sql', import.meta.url));
  writeFileSync(file, await schemaText(sql));
} finally {
  await sql.end();
  await server.stop();
  rmSync(home, { recursive: true });
}
