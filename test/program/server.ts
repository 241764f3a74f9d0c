/** The real program as a process, on a home folder of its own: started, killed, started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/myelin.js', import.meta.url));
const READY_WITHIN_MS = 120_000;
const LOOK_MS = 20;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server sent
  readonly body: any;
}

export class Program {
  readonly home = mkdtempSync(join(tmpdir(), 'myelin-e2e-'));
  readonly url: string;
  readonly #env: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(port: number, env: Readonly<Record<string, string>>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#env = env;
  }

  /** `env` holds for every start. */
  static async create(env: Readonly<Record<string, string>> = {}): Promise<Program> {
    return new Program(await freePort(), env);
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** It was started and has not ended; it may be paused. */
  get isRunning(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  /** Everything it printed, to both streams. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when it is ready to serve. */
  async start(env: Record<string, string> = {}): Promise<void> {
    const port = new URL(this.url).port;
    const own = { PORT: port, MYELIN_HOME: this.home, MYELIN_DEMO: 'off', LOG_LEVEL: 'warn', ...this.#env, ...env };
    const child = spawn(process.execPath, [BIN, 'start'], { env: { ...process.env, ...own } });
    this.#process = child;
    child.stdout?.on('data', (chunk) => {
      this.#output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      this.#output += chunk;
    });
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await this.#isReady())) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${this.#output}`);
      if (child.signalCode !== null) throw new Error(`the server was killed by ${child.signalCode}`);
      if (Date.now() > deadline) throw new Error(`the server is not ready:\n${this.#output}`);
      // Who asks without a pause takes from the server what it needs to get ready.
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Sends a signal and waits for nothing. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void {
    this.#process?.kill(signal);
  }

  /** Sends a signal and waits until the process is gone. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' = 'SIGKILL'): Promise<number | null> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    return await ended;
  }

  /** Resolves when the process has ended by itself. */
  async ended(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => child.once('exit', resolve));
  }

  get apiKey(): string {
    if (this.#env.MYELIN_API_KEY !== undefined) return this.#env.MYELIN_API_KEY;
    return JSON.parse(readFileSync(join(this.home, 'credentials.json'), 'utf8')).apiKey;
  }

  /** A call of the API with the owner's key; a body that is no text goes as JSON. */
  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const isText = typeof body === 'string';
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  /** Ends it and its database, and removes the home folder. */
  async dispose(): Promise<void> {
    await this.kill('SIGTERM');
    rmSync(this.home, { recursive: true, force: true });
  }

  async #isReady(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(1_000) });
      return response.ok;
    } catch {
      return false;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
