/**
 * The data folder and its credentials. `initdb` fills a folder beside it that is renamed when it is whole, so a
 * crash in the middle of the first start leaves nothing that the second could mistake for a database.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { MyelinError } from '../../core/errors.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

const USER = 'myelin';
export const DATABASE = 'myelin';

/** `<home>/postgres.json`, mode 0600. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** Kept from start to start while it is free; 0 before the first. */
  readonly port: number;
}

const FRESH = 'postgres.new-';
const credentialsFile = (home: string) => join(home, 'postgres.json');

/** Undefined where there is none. */
function readCredentials(home: string): Credentials | undefined {
  const path = credentialsFile(home);
  if (!existsSync(path)) return undefined;
  try {
    const { user, password, port } = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof user === 'string' && typeof password === 'string' && Number.isInteger(port)) {
      return { user, password, port };
    }
  } catch {
    // The message of the parser would quote the password.
  }
  throw new MyelinError('postgres_failed', `${path} is damaged: restore it from a backup of the home folder`);
}

export function writeCredentials(home: string, credentials: Credentials): void {
  const path = credentialsFile(home);
  writeFileSync(`${path}.new`, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** Makes the data folder on the first start and answers how to log in. Throws `postgres_failed`. */
export async function ensureDataFolder(home: string, binaries: Binaries, account: Account): Promise<Credentials> {
  const folder = join(home, 'postgres');
  const kept = readCredentials(home);
  if (existsSync(join(folder, 'PG_VERSION'))) {
    if (!kept) {
      const message = `${folder} has a database but ${credentialsFile(home)} with its password is gone: restore it`;
      throw new MyelinError('postgres_failed', message);
    }
    account.own(folder);
    return kept;
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new MyelinError('postgres_failed', `${folder} is not empty and is no PostgreSQL data folder: move it away`);
  }
  const credentials = kept ?? { user: USER, password: randomBytes(24).toString('base64url'), port: 0 };
  writeCredentials(home, credentials);
  await createDatabase(home, credentials, binaries, account);
  return credentials;
}

async function createDatabase(home: string, credentials: Credentials, binaries: Binaries, account: Account) {
  sweep(home);
  const fresh = mkdtempSync(join(home, FRESH));
  const superuserPassword = join(home, 'postgres.password');
  account.own(fresh);
  try {
    // Thrown away: nobody needs to log in as the superuser, and who must can use single-user mode as below.
    writeFileSync(superuserPassword, randomBytes(24).toString('hex'), { mode: 0o600 });
    account.own(superuserPassword);
    const login = ['--username=postgres', `--pwfile=${superuserPassword}`, '--auth=scram-sha-256'];
    // One syncfs where there is one, instead of an fsync for each of a thousand files.
    const sync = process.platform === 'linux' ? ['--sync-method=syncfs'] : [];
    await run(account, binaries.initdb, ['-D', fresh, '--encoding=UTF8', '--no-locale', ...login, ...sync]);
    await run(account, binaries.postgres, ['--single', '-D', fresh, 'postgres'], rolesOf(credentials));
  } finally {
    rmSync(superuserPassword, { force: true });
  }
  renameSync(fresh, join(home, 'postgres'));
}

/** Our role owns its database and may watch the server, but is no superuser: SQL can never become a program. */
const rolesOf = ({ user, password }: Credentials): string =>
  [
    `create role ${user} login createdb password '${password}'`,
    `grant pg_monitor, pg_checkpoint to ${user}`,
    `create database ${DATABASE} owner ${user}`,
    '',
  ].join('\n');

/** Removes what killed first starts left; an `initdb` that outlived one may still be writing, so it is only tried. */
function sweep(home: string): void {
  for (const name of readdirSync(home).filter((name) => name.startsWith(FRESH))) {
    try {
      rmSync(join(home, name), { recursive: true });
    } catch {
      // Some megabytes that the next sweep takes.
    }
  }
}

async function run(account: Account, program: string, args: readonly string[], input = ''): Promise<void> {
  const child = account.spawn(program, args, ['pipe', 'ignore', 'pipe']);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  // A program that ends before it has read everything says why on stderr.
  child.stdin!.on('error', () => {});
  child.stdin!.end(input);
  const [code, complaint] = await Promise.all([ended, text(child.stderr!)]);
  // Single-user mode ends with 0 whatever became of its statements.
  if (code === 0 && !/\b(ERROR|FATAL|PANIC):/.test(complaint)) return;
  // The statement that failed may be the one with the password.
  const said = complaint.replace(/^.*STATEMENT:.*$/gm, '').trim() || 'it said nothing';
  const message = `${program} failed (${code ?? 'killed'}): ${said}`;
  throw new MyelinError('postgres_failed', `${message}. DATABASE_URL may name a PostgreSQL of yours instead`);
}
