/**
 * The program under test: `bin/myelin.js start` as a process of its own, on an embedded PostgreSQL in a home that is
 * made for it. Linux only, as all that measures here reads `/proc`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';

const PROGRAM = fileURLToPath(new URL('../bin/myelin.js', import.meta.url));
const READY_WITHIN_MS = 60_000;
const POLL_MS = 10;

export interface ServerOptions {
  /** Made anew where absent. */
  readonly home?: string;
  /** Settings beside ours, such as `MYELIN_TASK_CONCURRENCY`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder for the CPU profile that is written when the server stops. */
  readonly profile?: string | undefined;
}

export class Server {
  readonly home: string;
  readonly url: string;
  readonly pid: number;
  /** To its database, beside it. */
  readonly sql: postgres.Sql;
  /** `postgres://…` of its database. */
  readonly databaseUrl: string;
  readonly #child: ChildProcess;
  readonly #apiKey: string;

  constructor(child: ChildProcess, home: string, url: string, apiKey: string) {
    const { user, password, port } = readJson(join(home, 'postgres.json'));
    this.databaseUrl = `postgres://${user}:${password}@127.0.0.1:${port}/myelin`;
    this.sql = postgres(this.databaseUrl, { max: 2, onnotice: () => undefined });
    this.home = home;
    this.url = url;
    this.pid = child.pid!;
    this.#child = child;
    this.#apiKey = apiKey;
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#apiKey}`, 'content-type': 'application/json' };
  }

  /** One call of the API. Throws for a status from 400 on. */
  async call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(this.url + path, { method, headers: this.headers, ...init });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  /** Saves and activates; answers the workflow's id. */
  async deploy(definition: Readonly<Record<string, unknown>>): Promise<string> {
    const { id } = await this.call('POST', '/api/workflows?activate=true', definition);
    return id as string;
  }

  /** SIGKILL: PostgreSQL lives on, the home stays. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Orderly, with its PostgreSQL. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    await this.sql.end({ timeout: 1 });
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}

/** Resolves when `/health/ready` says so. Rejects, with the end of its log, where the server ends before. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'myelin-bench-')));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = openSync(join(home, 'server.log'), 'a');
  const flags = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
  const child = spawn(process.execPath, [...flags, PROGRAM, 'start'], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      MYELIN_HOME: home,
      PORT: String(port),
      MYELIN_DEMO: 'off',
      LOG_LEVEL: 'warn',
      ...options.env,
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  try {
    const apiKey = await ready(child, home, url);
    return new Server(child, home, url, apiKey);
  } catch (error) {
    child.kill('SIGTERM');
    const said = readFileSync(join(home, 'server.log'), 'utf8').slice(-2000);
    throw new Error(`The server in ${home} did not start: ${(error as Error).message}\n${said}`);
  }
}

/** Runs `work` with a server of its own, and removes it with its home whatever comes. */
export async function withServer<T>(options: ServerOptions, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await startServer(options);
  try {
    return await work(server);
  } finally {
    await server.stop();
    await removeHome(server.home);
  }
}

export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

/** The API key, once the server is ready and has written it. */
async function ready(child: ChildProcess, home: string, url: string): Promise<string> {
  const giveUp = performance.now() + READY_WITHIN_MS;
  while (performance.now() < giveUp) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('its process ended');
    const isReady = await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    const key = isReady ? await keyOf(home, url) : undefined;
    if (key !== undefined) return key;
    await sleep(POLL_MS);
  }
  throw new Error(`it was not ready within ${READY_WITHIN_MS} ms`);
}

/** The key is written to its file before the database has it: it counts once the server takes it. */
async function keyOf(home: string, url: string): Promise<string | undefined> {
  try {
    const { apiKey } = JSON.parse(await readFile(join(home, 'credentials.json'), 'utf8'));
    const answer = await fetch(`${url}/api/workflows?limit=1`, { headers: { authorization: `Bearer ${apiKey}` } });
    return answer.ok ? apiKey : undefined;
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8'));
}
