/**
 * What work costs beside time: commits and WAL of the database, CPU time of the server and of PostgreSQL. Read before
 * and after, and divided by the executions between.
 *
 * A backend reports its commits at most once a second, so `commits` may be off by what fits in one; `writes` counts
 * transaction ids, which only transactions that write take, and is exact.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from './server.ts';

/** USER_HZ, which Linux fixes at 100 for all that is read from `/proc`. */
const TICK_MS = 10;

export interface Reading {
  readonly commits: number;
  readonly writes: number;
  readonly walBytes: number;
  readonly serverMs: number;
  readonly postgresMs: number;
}

/** Each per execution. */
export interface Cost {
  /** Transactions of the database, those that only read included. */
  readonly commits: number;
  /** Transactions that wrote. */
  readonly writes: number;
  readonly walBytes: number;
  /** CPU milliseconds of the server's process. */
  readonly serverMs: number;
  /** CPU milliseconds of all processes of PostgreSQL. */
  readonly postgresMs: number;
}

export async function readMeter(server: Server): Promise<Reading> {
  const [row] = await server.sql`
    select pg_backend_pid() as pid, pg_current_wal_lsn() - '0/0'::pg_lsn as wal,
           pg_snapshot_xmax(pg_current_snapshot())::text as xid,
           (select xact_commit from pg_stat_database where datname = current_database()) as commits`;
  return {
    commits: Number(row!.commits),
    writes: Number(row!.xid),
    walBytes: Number(row!.wal),
    serverMs: readStat(server.pid).ownMs,
    postgresMs: postgresMs(readStat(row!.pid as number).parent),
  };
}

export function costOf(before: Reading, after: Reading, executions: number): Cost {
  const each = (key: keyof Reading) => (after[key] - before[key]) / executions;
  return {
    commits: each('commits'),
    writes: each('writes'),
    walBytes: each('walBytes'),
    serverMs: each('serverMs'),
    postgresMs: each('postgresMs'),
  };
}

/** Of the postmaster, its children, and those of them that have ended. */
function postgresMs(postmaster: number): number {
  const own = readStat(postmaster);
  let sum = own.ownMs + own.endedChildrenMs;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readStat(Number(name));
      if (stat.parent === postmaster) sum += stat.ownMs;
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}

interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  readonly endedChildrenMs: number;
}

/** See proc_pid_stat(5); the name of the program, in parentheses, may hold spaces. */
function readStat(pid: number): Stat {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (field: number) => Number(fields[field - 3]) * TICK_MS;
  return { parent: Number(fields[1]), ownMs: ticks(14) + ticks(15), endedChildrenMs: ticks(16) + ticks(17) };
}

/** Resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
