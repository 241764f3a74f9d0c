/** Where tests run commands: a server of the test's own that keeps to the contract, and a folder of its own. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';
import { type Io, runCli } from '../cli/main.ts';

/** What a command printed and how it ended. */
interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Sent as a stream instead, one after another. */
  readonly events?: Iterable<unknown> | AsyncIterable<unknown>;
  /** Lines of JSON instead. */
  readonly lines?: readonly unknown[];
}
interface Asked {
  readonly body: unknown;
  readonly url: URL;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface CliStage {
  /** The working folder, with credentials for the server. */
  readonly folder: string;
  readonly url: string;
  /** By method and path, with the query or without; what is not there is not found. */
  readonly routes: Record<string, (asked: Asked) => Answer>;
  /** What was called, with the query. */
  readonly calls: readonly string[];
  cli(args: string[], more?: Partial<Io>): Promise<Outcome>;
  /** Writes a file into the folder and gives its name back. */
  file(name: string, content: string): string;
  /** Makes `e1` an execution that runs at the first look and has ended at the next. */
  ending(status: 'completed' | 'failed' | 'canceled'): void;
  /** Takes the server away. */
  close(): void;
}

/** Set up anew before each test of the file. */
export function useCliStage(): CliStage {
  const routes: CliStage['routes'] = {};
  const calls: string[] = [];
  let folder = '';
  let url = '';
  let server: Server;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'myelin-cli-'));
    for (const name of Object.keys(routes)) delete routes[name];
    calls.length = 0;
    server = serve(routes, calls);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeCredentials(folder, url);
  });
  afterEach(() => {
    server.close().closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  return {
    get folder() {
      return folder;
    },
    get url() {
      return url;
    },
    routes,
    calls,
    async cli(args, more) {
      let [out, err] = ['', ''];
      const exit = await runCli(args, {
        stdout: { write: (piece) => (out += piece) },
        stderr: { write: (piece) => (err += piece) },
        env: {},
        cwd: folder,
        isTTY: false,
        start: () => Promise.reject(new Error('This test starts no server.')),
        ...more,
      });
      return { exit, out, err };
    },
    file(name, content) {
      writeFileSync(join(folder, name), content);
      return name;
    },
    ending(status) {
      let looks = 0;
      routes['GET /api/executions/e1'] = () => ({
        status: 200,
        body: looks++ === 0 ? execution('running') : execution(status, status === 'failed' ? FAILURE : null),
      });
      const event = (seq: number, type: string) => ({ seq, type, at, data: {} });
      routes['GET /api/executions/e1/events'] = () => ({
        status: 200,
        events: [event(1, 'execution.created'), event(2, `execution.${status}`)],
      });
    },
    close: () => void server.close(),
  };
}

function serve(routes: CliStage['routes'], calls: string[]): Server {
  return createServer(async (request, response) => {
    const body = await text(request);
    const url = new URL(request.url!, 'http://x');
    const call = `${request.method} ${url.pathname}${url.search}`;
    calls.push(call);
    const route = routes[call] ?? routes[`${request.method} ${url.pathname}`] ?? notFound;
    const answer = answerOf(() =>
      route({ body: body === '' ? undefined : JSON.parse(body), url, headers: request.headers }),
    );
    if (answer.events !== undefined) {
      response.writeHead(answer.status, { 'content-type': 'text/event-stream' });
      for await (const event of answer.events) response.write(`data: ${JSON.stringify(event)}\n\n`);
      return response.end();
    }
    if (answer.lines !== undefined) {
      response.writeHead(answer.status, { 'content-type': 'application/x-ndjson' });
      return response.end(answer.lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    return response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  });
}

/** What fails in a route is an answer too, so that the test sees it. */
function answerOf(route: () => Answer): Answer {
  try {
    return route();
  } catch (error) {
    return problem(500, 'internal', String(error));
  }
}

const notFound = () => problem(404, 'workflow_not_found', 'No workflow has this id or name.');

export function writeCredentials(folder: string, url: string, mode = 0o600): void {
  const path = join(folder, '.myelin', 'credentials.json');
  mkdirSync(join(folder, '.myelin'), { recursive: true });
  writeFileSync(path, JSON.stringify({ apiKey: 'key-1', url }));
  chmodSync(path, mode);
}

export const problem = (status: number, code: string, detail: string, errors?: unknown): Answer => ({
  status,
  body: { type: 't', title: code, status, detail, code, ...(errors !== undefined && { errors }) },
});

export const at = '2026-07-01T12:00:00.000Z';
export const FAILURE = { code: 'code_failed', kind: 'permanent', message: 'x is not defined' };

export const summary = (status: string, error: unknown = null) => ({
  ...{ id: 'e1', workflowId: 'w1', workflowName: 'demo', version: 1, status, triggerId: 'hook', error },
  ...{ createdAt: at, startedAt: at, parentId: null },
  finishedAt: status === 'running' ? null : '2026-07-01T12:00:01.000Z',
});
const node = (status: string, error: unknown = null) => ({
  ...{ path: 'a', id: 'a', type: 'transform', status, attempt: 1, port: null, output: { n: 1 }, error },
  ...{ startedAt: at, finishedAt: status === 'running' ? null : '2026-07-01T12:00:00.500Z' },
});
export const execution = (status: string, error: unknown = null) => ({
  ...summary(status, error),
  ...{ trigger: {}, output: status === 'completed' ? { n: 1 } : null, waitingFor: [], truncated: false },
  nodes: [node(status, error)],
});
