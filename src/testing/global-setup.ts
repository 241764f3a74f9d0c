/**
 * One PostgreSQL for a whole run of integration tests: the server of MYELIN_TEST_DATABASE_URL, or an embedded one
 * in a temporary home. Tests come by it through `testDatabase()`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../adapters/embedded-postgres/embedded-postgres.ts';
import { environment } from '../config/environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = environment().MYELIN_TEST_DATABASE_URL;
  if (given) {
    project.provide('postgresUrl', given);
    return async () => {};
  }
  const home = mkdtempSync(join(tmpdir(), 'myelin-test-'));
  // Nothing here outlives the run, so nothing has to survive a power cut. A database with a vacuum at work cannot be
  // dropped by our role, which is no superuser, and each lives for seconds only.
  const lasting = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const settings = { ...lasting, autovacuum: 'off', max_connections: '200' };
  const server = await startEmbeddedPostgres({ home, log: SILENT, settings });
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    rmSync(home, { recursive: true });
  };
}

const SILENT = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };
