/**
 * One Myelin per home folder. The lock is an open listening socket, since the kernel frees it however the process
 * dies: on Linux a name in the abstract namespace (taken in one atomic step), and beside it the file `<home>/lock`,
 * which is seen also by a container that shares the folder but not the network. Who connects is told our pid.
 */
import { createHash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import type { Server } from 'node:net';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MyelinError } from '../../core/errors.ts';

export interface HomeLock {
  release(): void;
}

/** `home` must exist. Throws `home_in_use` naming the folder and, where it answers, the process that holds it. */
export async function lockHome(home: string): Promise<HomeLock> {
  const held: Server[] = [];
  const release = () => {
    for (const server of held.splice(0)) server.close();
  };
  const { dev, ino } = statSync(home);
  const key = createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 24);
  try {
    if (process.platform === 'linux') held.push(await take(`\0myelin-${key}`, home));
    const file = lockFile(home, key);
    if ((await ask(file)) !== undefined) throw await inUse(file, home);
    // Nobody listens, so the file is left over from a killed process.
    rmSync(file, { force: true });
    held.push(await take(file, home));
  } catch (error) {
    // Some shared folders cannot hold sockets; the abstract name is lock enough on one machine.
    if (error instanceof MyelinError || held.length === 0) {
      release();
      throw error;
    }
  }
  return { release };
}

/** A socket's path may have 103 bytes on some systems and is silently cut above. */
function lockFile(home: string, key: string): string {
  const file = join(home, 'lock');
  return Buffer.byteLength(file) <= 100 ? file : join(tmpdir(), `myelin-${key}.lock`);
}

function take(address: string, home: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(String(process.pid));
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') inUse(address, home).then(reject, reject);
      else reject(error);
    });
    server.listen(address, () => resolve(server.unref()));
  });
}

async function inUse(address: string, home: string): Promise<MyelinError> {
  const pid = (await ask(address)) || 'unknown';
  return new MyelinError(
    'home_in_use',
    `Another Myelin (process ${pid}) runs on ${home}: stop it, or set MYELIN_HOME to another folder`,
    { home, pid: Number(pid) || null },
  );
}

/** What the holder says; empty when it is there but too busy to answer; undefined when nobody listens. */
function ask(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    let there = false;
    const socket = createConnection(address);
    const timer = setTimeout(() => socket.destroy(), 1_000);
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      there = true;
    });
    socket.on('data', (text: string) => {
      said += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(there ? said : undefined);
    });
  });
}
