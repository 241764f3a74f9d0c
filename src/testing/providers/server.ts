/**
 * A double of the model providers on a port of this machine, in their own wire formats: OpenAI Responses and Chat
 * Completions, Anthropic Messages, Google Gemini. It answers as it is told, well or ill, and counts what was paid for.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject } from '../../core/json.ts';
import { anthropic } from './anthropic.ts';
import { type Ask, count, type Dialect, type Said } from './dialect.ts';
import { google } from './google.ts';
import { openai } from './openai.ts';
import { openaiChat } from './openai-chat.ts';

export interface Told extends Said {
  /** Instead of an answer. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a status; default an error in the form of the provider. */
  readonly message?: string;
  readonly fault?: Fault;
  /** Milliseconds before each event. */
  readonly everyMs?: number;
  /** After so many events it goes on when this resolves. */
  readonly pause?: { readonly after: number; readonly until: Promise<unknown> };
}

/** `reset`, `cut` (ends as if all were well) and `malformed` come in the middle of a stream; `silent` is for ever. */
type Fault = 'reset' | 'cut' | 'malformed' | 'silent';

export interface Received extends Ask {
  readonly dialect: Dialect['name'];
  readonly headers: IncomingMessage['headers'];
}

interface Counts {
  readonly calls: number;
  /** Answers that were begun: they cost something, whether they arrived or not. */
  readonly paid: number;
  /** Read and written in these answers. */
  readonly tokens: number;
  /** Different idempotency keys among the paid ones. */
  readonly keys: number;
  /** Keys that were paid for more than once, with how often. */
  readonly repeated: Readonly<Record<string, number>>;
}

/** An answer that was begun, and so is paid for. */
interface Begun {
  readonly key: string;
  /** `cut`: who asked was gone before it was whole. */
  end: 'open' | 'whole' | 'cut';
}

export interface Providers {
  /** `http://127.0.0.1:PORT`; base URLs are that with `/v1`, for Google with `/v1beta`. */
  readonly url: string;
  readonly received: readonly Received[];
  /** In the order in which they began. */
  readonly begun: readonly Begun[];
  counts(): Counts;
  /** How often a kept answer was asked for by its id. */
  looks(id: string): number;
  /** What the next calls are told, in turn; the handler tells the others. */
  tell(...next: Told[]): void;
  stop(): Promise<void>;
}

const DIALECTS: readonly Dialect[] = [openai, openaiChat, anthropic, google];

/** `handler` tells what is answered; default a short text. */
export async function startProviders(
  handler: (ask: Received) => Told | Promise<Told> = () => ({ text: 'All is well.' }),
  port = 0,
): Promise<Providers> {
  const queue: Told[] = [];
  const received: Received[] = [];
  const begun: Begun[] = [];
  const paid = new Map<string, number>();
  /** Answers that are kept, as OpenAI does. */
  const kept = new Map<string, object>();
  const looks = new Map<string, number>();
  let sequence = 0;
  let tokens = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'GET') return look(path, response);
    const dialect = DIALECTS.find((one) => one.matches(path));
    if (dialect === undefined) return json(response, 404, { error: { message: `Nothing is at ${path}.` } });
    const body: unknown = JSON.parse(await textOf(request));
    if (!isObject(body)) return json(response, 400, dialect.error(400, 'The body is no object.'));
    const header = request.headers['idempotency-key'];
    const key = typeof header === 'string' ? header : undefined;
    const ask: Received = { ...dialect.read(path, body), key, body, dialect: dialect.name, headers: request.headers };
    received.push(ask);
    const told = queue.shift() ?? (await handler(ask));
    if (told.status !== undefined) {
      const error = dialect.error(told.status, told.message ?? 'It cannot be done.');
      return json(response, told.status, error, told.headers);
    }
    const id = `resp_${++sequence}`;
    const counted = key ?? `call ${sequence}`;
    paid.set(counted, (paid.get(counted) ?? 0) + 1);
    follow(counted, response);
    const context = { id, ask, usage: count(told, body) };
    tokens += context.usage.inputTokens + context.usage.outputTokens;
    const keep = dialect.name === 'openai' && body.store !== false;
    if (keep) kept.set(id, { ...dialect.whole(told, context), status: 'in_progress' });
    if (told.fault === 'silent') return;
    if (ask.stream) await stream(response, dialect.events(told, context), told);
    else if (told.fault === 'malformed') response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":');
    else if (told.fault !== undefined) request.socket.resetAndDestroy();
    else json(response, 200, dialect.whole(told, context));
    if (keep) kept.set(id, dialect.whole(told, context));
  }

  function follow(key: string, response: ServerResponse): void {
    const one: Begun = { key, end: response.socket?.destroyed === false ? 'open' : 'cut' };
    begun.push(one);
    const ended = (end: Begun['end']) => () => {
      if (one.end === 'open') one.end = end;
    };
    response.once('finish', ended('whole')).once('close', ended('cut'));
  }

  function counts(): Counts {
    const repeated = Object.fromEntries([...paid].filter(([, times]) => times > 1));
    const all = [...paid.values()].reduce((sum, times) => sum + times, 0);
    return { calls: received.length, paid: all, tokens, keys: paid.size, repeated };
  }

  function look(path: string, response: ServerResponse): void {
    if (path === '/count') return json(response, 200, counts());
    const id = path.replace(/^\/v1\/responses\//, '');
    looks.set(id, (looks.get(id) ?? 0) + 1);
    const found = kept.get(id);
    if (found === undefined) json(response, 404, { error: { message: 'There is no such response.', code: null } });
    else json(response, 200, found);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    begun,
    looks: (id) => looks.get(id) ?? 0,
    counts,
    tell: (...next) => void queue.push(...next),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function json(response: ServerResponse, status: number, body: object, headers: Told['headers'] = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function stream(response: ServerResponse, events: readonly string[], told: Told): Promise<void> {
  const { fault, everyMs, pause } = told;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const sent = fault === undefined ? events : events.slice(0, Math.ceil(events.length / 2));
  for (const [index, event] of sent.entries()) {
    if (everyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, everyMs));
    if (pause?.after === index) await pause.until;
    await new Promise((resolve) => response.write(event, resolve));
  }
  if (fault === 'reset') response.socket?.resetAndDestroy();
  else response.end(fault === 'malformed' ? 'data: {"type": "resp\n\n' : undefined);
}
