/**
 * The server process: started by us, or left running by a killed process of ours and adopted. Both are the same
 * to who holds one: it ends some day, and it takes signals.
 */
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.ts';
import { everyoneOn, worksOn } from './process-table.ts';

export interface Postmaster {
  readonly pid: number | undefined;
  /** Resolves when it is gone, with how it went in words. */
  readonly ended: Promise<string>;
  signal(name: NodeJS.Signals): void;
}

/** What is needed to start the server of one data folder, again and again in the same way. */
export interface Site {
  /** Data folder, without symbolic links. */
  readonly folder: string;
  readonly logFile: string;
  /** Program and arguments. */
  readonly words: readonly string[];
  readonly account: Account;
  readonly url: string;
}

const LOG_LIMIT = 16 * 2 ** 20;

/** The server of this data folder that is running already, by its pid file. */
export function findPostmaster(folder: string): Postmaster | undefined {
  const pid = Number.parseInt(readPidFile(folder), 10);
  return pid > 0 && worksOn(pid, folder) ? adopt(pid, folder) : undefined;
}

function adopt(pid: number, folder: string): Postmaster {
  const ended = new Promise<string>((resolve) => {
    const timer = setInterval(() => {
      if (worksOn(pid, folder)) return;
      clearInterval(timer);
      resolve('it is gone');
    }, 100);
    timer.unref();
  });
  return {
    pid,
    ended,
    signal(name) {
      if (worksOn(pid, folder)) process.kill(pid, name);
    },
  };
}

/** Starts the server; call only while none runs on the folder. It is not ready yet when this returns. */
export async function launch({ folder, logFile, words, account }: Site): Promise<Postmaster> {
  await clearLeftovers(folder);
  const log = openLog(logFile);
  const [program, ...args] = words;
  const child = account.spawn(program!, args, ['ignore', log, log]);
  closeSync(log);
  child.unref();
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`));
  });
  return { pid: child.pid, ended, signal: (name) => void child.kill(name) };
}

/** Fast shutdown, and harder where that takes too long; a crash recovery then follows at the next start. */
export async function shutDown(postmaster: Postmaster, patienceMs = 60_000): Promise<void> {
  const steps = [
    ['SIGINT', patienceMs],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 10_000],
  ] as const;
  for (const [name, ms] of steps) {
    postmaster.signal(name);
    if (await endsWithin(postmaster, ms)) return;
  }
}

async function endsWithin({ ended }: Postmaster, ms: number): Promise<boolean> {
  const over = new AbortController();
  // The timer also keeps our process up: the child by itself does not.
  const timeout = sleep(ms, false, { signal: over.signal }).catch(() => false);
  const result = await Promise.race([ended.then(() => true), timeout]);
  over.abort();
  return result;
}

/** Ends what still works on the folder after its server is gone. */
export async function endBackends(folder: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    const left = everyoneOn(folder);
    if (left.length === 0) return;
    for (const pid of left) kill(pid);
    await sleep(10);
  }
}

/**
 * What a killed server leaves: processes that still work on the folder, and a pid file whose number may belong to
 * someone else by now, which PostgreSQL would take for a living server. The file is not removed, since PostgreSQL
 * also checks by it that nobody holds the old shared memory; it gets our pid, for a server ignores its own parent.
 */
async function clearLeftovers(folder: string): Promise<void> {
  await endBackends(folder);
  const text = readPidFile(folder);
  const path = join(folder, 'postmaster.pid');
  if (/^\d+\n/.test(text)) writeFileSync(path, text.replace(/^\d+/, String(process.pid)));
  else rmSync(path, { force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself in between.
  }
}

function readPidFile(folder: string): string {
  const path = join(folder, 'postmaster.pid');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > LOG_LIMIT) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** The last complaints of the log, for an error message. */
export function lastWords(logFile: string): string {
  if (!existsSync(logFile)) return '';
  const lines = readFileSync(logFile, 'utf8').slice(-8_192).split('\n');
  return lines
    .filter((line) => /FATAL|PANIC|could not|cannot/.test(line) && !line.includes('is starting up'))
    .slice(-2)
    .join('; ');
}
