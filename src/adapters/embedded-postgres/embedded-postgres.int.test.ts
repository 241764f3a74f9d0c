import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asIds, findIds } from './account.ts';
import { findBinaries } from './binaries.ts';
import { ensureDataFolder } from './data-folder.ts';
import type { EmbeddedPostgres } from './embedded-postgres.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { findPostmaster, launch, shutDown } from './postmaster.ts';
import { everyoneOn } from './process-table.ts';
import { awaitReady, freePort } from './readiness.ts';
import { serverArguments } from './settings.ts';

let home: string;
let folder: string;
let running: EmbeddedPostgres[];
let children: ChildProcess[];

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'myelin-pg-')));
  folder = join(home, 'postgres');
  running = [];
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of running) await server.stop();
  const left = findPostmaster(folder);
  if (left) await shutDown(left);
  rmSync(home, { recursive: true });
});

/** A log in which one can wait for a message. */
function listener() {
  const waiting = new Map<string, () => void>();
  const said: string[] = [];
  const hear = (_: object, message: string) => {
    said.push(message);
    waiting.get(message)?.();
  };
  const log = { debug: hear, info: hear, warn: hear, error: hear };
  return { log, said, heard: (message: string) => new Promise<void>((resolve) => waiting.set(message, resolve)) };
}

async function start(settings?: Record<string, string>, log = listener().log): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ home, log, ...(settings && { settings }) });
  running.push(server);
  return server;
}

/** Another process that starts a server on the home and goes on until killed, or leaves by process.exit(). */
async function startElsewhere(then = 'setInterval(() => {}, 1e6)'): Promise<{ child: ChildProcess; url: string }> {
  const code = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./embedded-postgres.ts', import.meta.url))});
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const server = await startEmbeddedPostgres({ home: ${JSON.stringify(home)}, log });
    process.stdout.write(server.url, () => { ${then} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [chunk] = await once(child.stdout, 'data');
  return { child, url: String(chunk) };
}

async function killHard(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function withSql<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 0 });
  }
}

const write = (url: string) =>
  withSql(url, async (sql) => {
    await sql`create table if not exists kept (id int)`;
    await sql`insert into kept values (1)`;
  });
const rows = (url: string) => withSql(url, async (sql) => (await sql`select id from kept`).length);

test('the first start makes a database that commits to disk, in UTF-8, behind a password', async () => {
  const { url } = await start();
  const settings = await withSql(url, async (sql) =>
    Object.fromEntries((await sql`select name, setting from pg_settings`).map((row) => [row.name, row.setting])),
  );
  expect(settings).toMatchObject({
    fsync: 'on',
    synchronous_commit: 'on',
    server_encoding: 'UTF8',
    listen_addresses: '127.0.0.1',
    jit: 'off',
  });
  const [me] = await withSql(url, (sql) => sql`select usesuper from pg_user where usename = current_user`);
  expect(me).toEqual({ usesuper: false });
  expect(statSync(join(home, 'postgres.json')).mode & 0o777).toBe(0o600);
  const wrong = new URL(url);
  wrong.password = 'guess';
  await expect(withSql(wrong.href, (sql) => sql`select 1`)).rejects.toMatchObject({ code: '28P01' });
  expect(readFileSync(join(home, 'postgres.log'), 'utf8')).not.toContain(new URL(url).password);
});

test('a warm start finds data, password and port as they were; stop leaves no process', async () => {
  const first = await start();
  await write(first.url);
  await first.stop();
  expect(everyoneOn(folder)).toEqual([]);
  const second = await start();
  expect(second.url).toBe(first.url);
  expect(await rows(second.url)).toBe(1);
});

test('after kill -9 of its owner the server is taken over, and stopped by the new owner', async () => {
  const { child, url } = await startElsewhere();
  await write(url);
  const pid = findPostmaster(folder)!.pid;
  await killHard(child);

  const server = await start();
  expect(server.url).toBe(url);
  expect(findPostmaster(folder)!.pid).toBe(pid);
  expect(await rows(url)).toBe(1);
  await server.stop();
  expect(findPostmaster(folder)).toBeUndefined();
});

test('a server left with other settings is stopped and started with ours', async () => {
  const { child } = await startElsewhere();
  await killHard(child);
  const { url } = await start({ max_connections: '33' });
  const [row] = await withSql(url, (sql) => sql`show max_connections`);
  expect(row).toEqual({ max_connections: '33' });
});

test('after kill -9 of the server it comes back on the same port, and an open pool with it', async () => {
  const { log, heard } = listener();
  const { url } = await start(undefined, log);
  await write(url);
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  await sql`select 1`;
  for (let round = 0; round < 2; round++) {
    const back = heard('PostgreSQL is back');
    findPostmaster(folder)!.signal('SIGKILL');
    await back;
  }
  await expect.poll(async () => (await sql`select id from kept`.catch(() => [])).length).toBe(1);
  await sql.end();
});

test('a taken over server that dies comes back too', async () => {
  const { child, url } = await startElsewhere();
  await killHard(child);
  const { log, heard } = listener();
  await start(undefined, log);
  const back = heard('PostgreSQL is back');
  findPostmaster(folder)!.signal('SIGKILL');
  await back;
  expect(await withSql(url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

test('stop during a restart leaves no process', async () => {
  const { log, heard } = listener();
  const server = await start(undefined, log);
  const ended = heard('PostgreSQL ended; it is started again');
  findPostmaster(folder)!.signal('SIGKILL');
  await ended;
  await server.stop();
  expect(everyoneOn(folder)).toEqual([]);
});

test('a pid file that names a living stranger is no obstacle', async () => {
  const first = await start();
  await write(first.url);
  const pidFile = readFileSync(join(folder, 'postmaster.pid'), 'utf8');
  await first.stop();
  const stranger = spawn('sleep', ['1000'], { stdio: 'ignore' });
  children.push(stranger);
  writeFileSync(join(folder, 'postmaster.pid'), pidFile.replace(/^\d+/, String(stranger.pid)));
  const { url } = await start();
  expect(await rows(url)).toBe(1);
  expect(stranger.exitCode).toBeNull();
});

test('an empty pid file, as a power cut leaves it, is no obstacle', async () => {
  await (await start()).stop();
  writeFileSync(join(folder, 'postmaster.pid'), '');
  await start();
});

test.runIf(process.platform === 'linux')('a backend that outlives a killed server is ended first', async () => {
  const { child, url } = await startElsewhere();
  await write(url);
  const sql = postgres(url, { max: 1, onclose: () => {} });
  const [backend] = await sql`select pg_backend_pid() as pid`;
  process.kill(backend!.pid, 'SIGSTOP');
  await killHard(child);
  const server = findPostmaster(folder)!;
  server.signal('SIGKILL');
  await server.ended;
  expect(everyoneOn(folder)).toContain(backend!.pid);

  const second = await start();
  expect(everyoneOn(folder)).not.toContain(backend!.pid);
  expect(await rows(second.url)).toBe(1);
  await sql.end({ timeout: 0 });
});

test('a second start on the home is refused with the pid of the first and does it no harm', async () => {
  const { child, url } = await startElsewhere();
  await expect(start()).rejects.toMatchObject({ code: 'home_in_use', data: { home, pid: child.pid } });
  expect(await withSql(url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

test('who leaves by process.exit() leaves no server', async () => {
  const { child } = await startElsewhere('process.exit(0)');
  if (child.exitCode === null) await once(child, 'exit');
  await findPostmaster(folder)?.ended;
  expect(everyoneOn(folder)).toEqual([]);
});

test('a port that someone else took is given up for another', async () => {
  const first = await start();
  await first.stop();
  const thief = createServer();
  await new Promise<void>((resolve) => thief.listen(Number(new URL(first.url).port), '127.0.0.1', resolve));
  const second = await start();
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
  await second.stop();
  thief.close();
  expect((await start()).url).toBe(second.url);
});

test('what a killed first start left is swept away', async () => {
  mkdirSync(join(home, 'postgres.new-abc', 'base'), { recursive: true });
  await start();
  expect(readdirSync(home).filter((name) => name.startsWith('postgres.new'))).toEqual([]);
});

test('a server that cannot start is postgres_failed with its last words, the log and the way out', async () => {
  await (await start()).stop();
  await expect(start({ shared_buffers: 'plenty' })).rejects.toMatchObject({
    code: 'postgres_failed',
    message: expect.stringMatching(/invalid value.*"shared_buffers".*postgres\.log.*DATABASE_URL/s),
  });
  await start();
});

test('a folder that is no database is not touched', async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'letter.txt'), 'dear');
  await expect(start()).rejects.toMatchObject({ code: 'postgres_failed', message: expect.stringContaining(folder) });
  expect(existsSync(join(folder, 'letter.txt'))).toBe(true);
});

test.each([
  ['gone', () => rmSync(join(home, 'postgres.json'))],
  ['damaged', () => writeFileSync(join(home, 'postgres.json'), '{"user":')],
])('a password file that is %s is refused by name', async (_, harm) => {
  await (await start()).stop();
  harm();
  await expect(start()).rejects.toMatchObject({
    code: 'postgres_failed',
    message: expect.stringContaining('postgres.json'),
  });
});

test.runIf(process.getuid?.() === 0)('as root without namespaces the server runs as another user', async () => {
  // A data folder that root owns, as a start with namespaces leaves it.
  await (await start()).stop();
  const binaries = findBinaries(home);
  const ids = findIds(readFileSync('/etc/passwd', 'utf8'));
  const account = asIds(ids, binaries, home);
  const { user, password } = await ensureDataFolder(home, binaries, account);
  expect(statSync(join(folder, 'PG_VERSION')).uid).toBe(ids.uid);
  const port = await freePort(0);
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/myelin`;
  const words = [binaries.postgres, ...serverArguments(folder, port)];
  const server = await launch({ folder, logFile: join(home, 'postgres.log'), words, account, url });
  expect(await awaitReady(url, server)).toBeUndefined();
  expect(statSync(`/proc/${server.pid}`).uid).toBe(ids.uid);
  await write(url);
  await shutDown(server);
  // And back again.
  expect(await rows((await start()).url)).toBe(1);
});

test.runIf(process.getuid?.() === 0)(
  'as root, a home that the other user cannot reach is refused with a way out',
  () => {
    const inner = join(home, 'closed', 'home');
    mkdirSync(inner, { recursive: true, mode: 0o700 });
    const ids = findIds(readFileSync('/etc/passwd', 'utf8'));
    expect(() => asIds(ids, findBinaries(home), inner)).toThrow(/cannot reach .*closed.*DATABASE_URL/);
  },
);
