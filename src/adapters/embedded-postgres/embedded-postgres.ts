/**
 * A real PostgreSQL for who has none: one call makes it in the home folder, starts it, keeps it up and stops it.
 * What an earlier process left in whatever state, running, killed or half made, is put in order first.
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { MyelinError } from '../../core/errors.ts';
import type { Logger } from '../../ports/runtime.ts';
import { chooseAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import type { Credentials } from './data-folder.ts';
import { DATABASE, ensureDataFolder, writeCredentials } from './data-folder.ts';
import { lockHome } from './home-lock.ts';
import type { Postmaster, Site } from './postmaster.ts';
import { findPostmaster, lastWords, launch, shutDown } from './postmaster.ts';
import { wasStartedAs } from './process-table.ts';
import { awaitReady, freePort } from './readiness.ts';
import { serverArguments } from './settings.ts';
import { Supervisor } from './supervisor.ts';

export interface EmbeddedPostgresOptions {
  /** Holds `postgres/`, `postgres.json`, `postgres.log`, `postgres-lib/` and `lock`; made where missing. */
  readonly home: string;
  readonly log: Logger;
  /** Server settings beside or instead of ours, such as `{ fsync: 'off' }` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** With user and password; never log it. Stays the same while the server is restarted. */
  readonly url: string;
  /** Shuts the server down and frees the home. */
  stop(): Promise<void>;
}

const ATTEMPTS = 3;

/**
 * Throws `home_in_use` while another process holds the home, `postgres_failed` when the server cannot be made or
 * started; the message says why and names the log file.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const begun = performance.now();
  mkdirSync(options.home, { recursive: true, mode: 0o700 });
  const home = realpathSync(options.home);
  const lock = await lockHome(home);
  try {
    const { site, postmaster } = await bringUp(home, options);
    const ms = Math.round(performance.now() - begun);
    options.log.info({ ms, pid: postmaster.pid, home }, 'PostgreSQL is ready');
    const supervisor = new Supervisor(postmaster, site, options.log);
    return {
      url: site.url,
      async stop() {
        await supervisor.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Running {
  readonly site: Site;
  readonly postmaster: Postmaster;
}

async function bringUp(home: string, { log, settings }: EmbeddedPostgresOptions): Promise<Running> {
  const binaries = findBinaries(home);
  const account = chooseAccount(binaries, home);
  const credentials = await ensureDataFolder(home, binaries, account);
  const folder = join(home, 'postgres');
  const siteAt = (port: number): Site => ({
    folder,
    logFile: join(home, 'postgres.log'),
    words: [binaries.postgres, ...serverArguments(folder, port, settings)],
    account,
    url: urlOf(credentials, port),
  });
  const site = siteAt(credentials.port);
  const adopted = await adoptRunning(site, log);
  if (adopted) return { site, postmaster: adopted };
  const port = await freePort(credentials.port);
  if (port !== credentials.port) writeCredentials(home, { ...credentials, port });
  return startNew(siteAt(port));
}

const urlOf = ({ user, password }: Credentials, port: number) =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${DATABASE}`;

/** The server that a killed process of ours left, if it is well and as we would start it; else it is stopped. */
async function adoptRunning(site: Site, log: Logger): Promise<Postmaster | undefined> {
  const running = findPostmaster(site.folder);
  if (!running) return undefined;
  const same = wasStartedAs(running.pid!, site.words);
  if (same && (await awaitReady(site.url, running)) === undefined) {
    log.info({ pid: running.pid }, 'PostgreSQL was left running by a process that is gone; it is taken over');
    return running;
  }
  await shutDown(running, 10_000);
  return undefined;
}

async function startNew(site: Site): Promise<Running> {
  let trouble: string | undefined;
  // What passes by itself: a port taken in between, memory that a dying process still holds.
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const postmaster = await launch(site);
    try {
      trouble = await awaitReady(site.url, postmaster);
    } catch (error) {
      await shutDown(postmaster, 10_000);
      throw error;
    }
    if (trouble === undefined) return { site, postmaster };
    await shutDown(postmaster, 10_000);
  }
  const said = lastWords(site.logFile);
  throw new MyelinError(
    'postgres_failed',
    `The embedded PostgreSQL did not start (${trouble}${said && `: ${said}`}): read ${site.logFile}, ` +
      'or set DATABASE_URL to a PostgreSQL of yours',
  );
}
