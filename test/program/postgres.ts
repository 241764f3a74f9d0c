/** A real PostgreSQL that no server of ours runs, for clusters of processes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts';

export interface Postgres {
  readonly url: string;
  /** As at a crash: no checkpoint, all connections cut; it comes back by itself. */
  crash(): void;
  close(): Promise<void>;
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };

export async function openPostgres(): Promise<Postgres> {
  const home = mkdtempSync(join(tmpdir(), 'myelin-cluster-'));
  const server = await startEmbeddedPostgres({ home, log: SILENT, settings: { max_connections: '200' } });
  return {
    url: server.url,
    crash: () => {
      try {
        // An immediate shutdown.
        process.kill(Number(readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT');
      } catch {
        // It is down already.
      }
    },
    close: async () => {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
