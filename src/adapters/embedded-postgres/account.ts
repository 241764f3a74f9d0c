/**
 * Under which user the programs run. PostgreSQL refuses to run as root, so as root it gets an existing account:
 * in a user namespace of its own, where the files stay root's and no folder above needs to be readable; or, where
 * namespaces are forbidden (most containers), as that account itself, which then must own the data folder.
 */
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, lchownSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MyelinError } from '../../core/errors.ts';
import type { Binaries } from './binaries.ts';

export interface Account {
  /** Starts a program in a session of its own, so that Ctrl-C on a terminal of ours does not reach it. */
  spawn(program: string, args: readonly string[], stdio: StdioOptions): ChildProcess;
  /** Hands a file or folder, with all that is in it, to the account. */
  own(path: string): void;
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** How a command line is started: through another program, or with other ids. */
interface Way {
  readonly prefix: readonly string[];
  readonly ids?: Ids;
}

/** Throws `postgres_failed` when we are root and there is no way to be someone else. */
export function chooseAccount(binaries: Binaries, home: string): Account {
  if (process.getuid?.() !== 0) return account({ prefix: [] }, binaries);
  const ids = findIds(readFileSync('/etc/passwd', 'utf8'));
  const namespace: Way = {
    prefix: ['unshare', '--user', `--map-user=${ids.uid}`, `--map-group=${ids.gid}`],
  };
  if (works(namespace, [binaries.postgres, '--version'], binaries)) return account(namespace, binaries, ROOT);
  return asIds(ids, binaries, home);
}

const ROOT: Ids = { uid: 0, gid: 0 };

/** Runs as the account itself; exported for the test, since few machines can do both. */
export function asIds(ids: Ids, binaries: Binaries, home: string): Account {
  const way: Way = { prefix: [], ids };
  chmodSync(home, 0o711);
  const reaches = works(way, ['test', '-x', home], binaries);
  if (reaches && works(way, [binaries.postgres, '--version'], binaries)) return account(way, binaries, ids);
  throw new MyelinError(
    'postgres_failed',
    `PostgreSQL does not run as root, user namespaces are forbidden here, and user ${ids.uid} cannot reach ` +
      `${reaches ? binaries.postgres : home}: start Myelin as another user, set MYELIN_HOME to a folder that all ` +
      'may pass through, or set DATABASE_URL to a PostgreSQL of yours',
  );
}

/** The ids of `postgres`, else of `nobody`, from the text of /etc/passwd; else those that `nobody` always has. */
export function findIds(passwd: string): Ids {
  const lines = passwd.split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((fields) => fields[0] === name) ?? [];
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65_534, gid: 65_534 };
}

function works(way: Way, command: readonly string[], { env }: Binaries): boolean {
  const [program, ...args] = [...way.prefix, ...command];
  return spawnSync(program!, args, { ...way.ids, env, stdio: 'ignore', timeout: 10_000 }).status === 0;
}

function account(way: Way, { env }: Binaries, owner?: Ids): Account {
  return {
    spawn(program, args, stdio) {
      const [command, ...rest] = [...way.prefix, program, ...args];
      return spawn(command!, rest, { ...way.ids, env, stdio, detached: true });
    },
    own(path) {
      // Another owner is left over from a start that went the other way.
      if (owner && statSync(path).uid !== owner.uid) chown(path, owner);
    },
  };
}

function chown(path: string, { uid, gid }: Ids): void {
  // The top goes last: it is what `own` looks at, so a crash in between is mended by the next start.
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) lchownSync(join(path, name), uid, gid);
  }
  lchownSync(path, uid, gid);
}
