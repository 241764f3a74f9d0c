/**
 * Who is who among the processes. A pid alone proves nothing, since the number may belong to someone else by now:
 * a PostgreSQL process is known by its program and by the folder it stands in, which is its data folder.
 * Without /proc (macOS) the command line has to do, and only the first process of a server can be told.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

const hasProc = process.platform === 'linux';

/** True while `pid` lives (a zombie does not) and is a PostgreSQL process of this data folder. */
export function worksOn(pid: number, folder: string): boolean {
  if (!hasProc) return commandOf(pid).includes(` -D ${folder} `);
  return link(pid, 'cwd') === folder && basename(link(pid, 'exe')).startsWith('postgres');
}

/** Every PostgreSQL process of this data folder that can be told. */
export function everyoneOn(folder: string): number[] {
  if (!hasProc) return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && worksOn(pid, folder));
}

/** True while `pid` was started with exactly these words, by the program file that is still there. */
export function wasStartedAs(pid: number, words: readonly string[]): boolean {
  // A program that an update has replaced reads as "… (deleted)".
  return commandOf(pid) === words.join(' ') && (!hasProc || !link(pid, 'exe').endsWith(' (deleted)'));
}

function commandOf(pid: number): string {
  if (!hasProc)
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1).join(' ');
  } catch {
    return '';
  }
}

function link(pid: number, name: 'cwd' | 'exe'): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return '';
  }
}
