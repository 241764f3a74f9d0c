/** When a server can be used: found out by connecting, which is the only answer that counts. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { MyelinError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import type { Postmaster } from './postmaster.ts';

/** Without any answer for so long, a server that runs is taken for a sick one. Recovery answers "starting up". */
const SILENCE_MS = 20_000;
/** A start takes 50 ms; the recovery of a big crash takes minutes, and each knock is a line in the server's log. */
const pauseMs = (waitedMs: number): number => (waitedMs < 2_000 ? 15 : 250);

/**
 * Undefined when the server takes queries; else why it never will: it ended, or it does not answer.
 * Throws `postgres_failed` when it refuses the password.
 */
export async function awaitReady(url: string, postmaster: Postmaster): Promise<string | undefined> {
  let ended: string | undefined;
  postmaster.ended.then((how) => {
    ended = how;
  });
  const begun = performance.now();
  let heard = begun;
  while (ended === undefined) {
    const answer = await knock(url);
    // An answer could come from another server that took the port of one that is gone.
    if (answer === 'ready' && ended === undefined) return undefined;
    if (answer === 'starting') heard = performance.now();
    if (performance.now() - heard > SILENCE_MS) return `no answer for ${SILENCE_MS / 1000} s`;
    await sleep(pauseMs(performance.now() - begun));
  }
  return ended;
}

async function knock(url: string): Promise<'ready' | 'starting' | 'silent'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return 'ready';
  } catch (error) {
    const code = isObject(error) && typeof error.severity === 'string' ? String(error.code) : '';
    if (code === '') return 'silent';
    if (code === '57P03') return 'starting';
    if (code.startsWith('28')) {
      const message = 'The embedded PostgreSQL refuses the password of postgres.json: restore that file';
      throw new MyelinError('postgres_failed', message);
    }
    // Such as "too many connections": it serves someone.
    return 'ready';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** `preferred` if it is free on 127.0.0.1, else a free one below those that systems give to outgoing connections. */
export async function freePort(preferred: number): Promise<number> {
  let port = preferred;
  for (let attempt = 0; attempt < 100; attempt++) {
    if (port > 0 && (await isFree(port))) return port;
    port = 20_000 + Math.floor(Math.random() * 12_000);
  }
  throw new MyelinError('postgres_failed', 'No free port for PostgreSQL was found on 127.0.0.1');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
