/** The embedded PostgreSQL of a running server, seen from outside: its processes, and a connection of one's own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Program } from './server.ts';

/** Stops them in their tracks: connections stay open and nobody answers. Returns what lets them go on. */
export function freeze(program: Program): () => void {
  const postmaster = Number(postmasterFile(program)[0]);
  // First the one that makes more of them.
  send(postmaster, 'SIGSTOP');
  const children = childrenOf(postmaster);
  for (const pid of children) send(pid, 'SIGSTOP');
  return () => {
    for (const pid of [...children, postmaster]) send(pid, 'SIGCONT');
  };
}

/** As the server itself connects; end it when done. */
export function connect(program: Program): postgres.Sql {
  const { user, password } = JSON.parse(readFileSync(join(program.home, 'postgres.json'), 'utf8'));
  const port = Number(postmasterFile(program)[3]);
  return postgres({ host: '127.0.0.1', port, user, password, database: 'myelin', max: 1, onnotice: () => undefined });
}

/** Its lines: the process id first, the port fourth. */
function postmasterFile(program: Program): string[] {
  return readFileSync(join(program.home, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
}

function send(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => parentOf(pid) === parent).map(Number);
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It ended in between.
    return 0;
  }
}
