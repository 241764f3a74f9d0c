/**
 * A real MCP server for tests: its tools do what an ill one does. As a program it speaks over stdio; over HTTP a test
 * serves it by `serveToolServer`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createMcpHandler, McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

export const TOOL_SERVER_FILE = fileURLToPath(import.meta.url);

/** What the server of a test can be told, and tells. */
interface Behavior {
  /** Description of `echo`; a change of it makes another tool. */
  description: string;
  /** What `die` does in the middle of its call. */
  die(): void;
  /** Called when `slow` has begun, with the signal that ends it. */
  onSlow(signal: AbortSignal): void;
}

function toolServer(behavior: Behavior): McpServer {
  const server = new McpServer(
    { name: 'tool-server', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true } } },
  );
  const inputSchema = z.object({ text: z.string().max(5_000_000) });
  const { description } = behavior;
  const echo = server.registerTool(
    'echo',
    { description, inputSchema, annotations: { readOnlyHint: true } },
    ({ text }) => ({
      content: [{ type: 'text', text }],
    }),
  );
  server.registerTool(
    'add',
    {
      description: 'Adds two numbers',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
      annotations: { idempotentHint: true },
    },
    ({ a, b }) => ({ content: [{ type: 'text', text: String(a + b) }], structuredContent: { sum: a + b } }),
  );
  server.registerTool('slow', { description: 'Never ends' }, async (context) => {
    const { signal } = context.mcpReq;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    behavior.onSlow(signal);
    await aborted;
    return { content: [] };
  });
  server.registerTool('die', { description: 'Dies in the middle of the call' }, () => {
    behavior.die();
    return new Promise(() => undefined);
  });
  server.registerTool('refuse', { description: 'Says that it failed' }, () => ({
    content: [{ type: 'text', text: 'no such issue' }],
    isError: true,
  }));
  server.registerTool('picture', { description: 'An image and a text' }, () => ({
    content: [
      { type: 'text', text: 'see' },
      { type: 'image', data: Buffer.from('12345').toString('base64'), mimeType: 'image/png' },
    ],
  }));
  server.registerTool('key', { description: 'The idempotency key of the call' }, (context) => ({
    content: [{ type: 'text', text: String(context.mcpReq._meta?.['myelin/idempotency-key']) }],
  }));
  server.registerTool('env', { description: 'Names of the variables it sees' }, () => ({
    content: [],
    structuredContent: { names: Object.keys(variables()) },
  }));
  server.registerTool('change', { description: 'Changes the description of echo' }, () => {
    behavior.description = `${behavior.description}!`;
    // A server that lives on says so; one of a single request has nobody to tell.
    echo.update({ description: behavior.description });
    return { content: [] };
  });
  return server;
}

/** The child's own, which a test looks at. */
const variables = (): Readonly<Record<string, string | undefined>> => Reflect.get(process, 'env');

export interface ServedTools {
  readonly url: string;
  readonly behavior: Behavior;
  /** Headers of the last request. */
  readonly lastHeaders: () => IncomingMessage['headers'];
  /** Tells those who listen that the tools are others now. */
  changed(): void;
  /** Breaks every open connection. */
  cut(): void;
  stop(): Promise<void>;
}

export interface ServeOptions {
  /** `legacy`: knows only the protocol of 2025, with sessions. */
  readonly era: 'modern' | 'legacy';
  /** Answers stream even where one message is all. */
  readonly stream?: boolean;
  /** Refuses every request with this status. */
  readonly refuse?: number;
}

/** Serves the tools on a free port of loopback. */
export async function serveToolServer({ era, stream, refuse }: ServeOptions): Promise<ServedTools> {
  let head = Promise.resolve();
  const behavior: Behavior = {
    description: 'Gives the text back',
    // A stream breaks after its answer has begun, everything else before.
    die: () => void (stream ? head : Promise.resolve()).then(() => server.closeAllConnections()),
    onSlow: () => undefined,
  };
  const handler = createMcpHandler(() => toolServer(behavior), {
    responseMode: stream ? 'sse' : 'auto',
    keepAliveMs: 0,
  });
  const answer = era === 'modern' ? handler.fetch : legacySessions(behavior);
  let headers: IncomingMessage['headers'] = {};
  const server = createServer((request, response) => {
    headers = request.headers;
    if (refuse !== undefined) return response.writeHead(refuse).end();
    const begun = Promise.withResolvers<void>();
    head = begun.promise;
    pass(request, response, answer, begun.resolve).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    behavior,
    lastHeaders: () => headers,
    changed: () => handler.notify.toolsChanged(),
    cut: () => server.closeAllConnections(),
    async stop() {
      await handler.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The protocol of 2025: one transport for each session, and 404 for a session that is not known. */
function legacySessions(behavior: Behavior): (request: Request) => Promise<Response> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  return async (request) => {
    const id = request.headers.get('mcp-session-id');
    const known = id === null ? undefined : sessions.get(id);
    if (known !== undefined) return known.handleRequest(request);
    if (id !== null) return new Response(null, { status: 404 });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (session) => {
        sessions.set(session, transport);
      },
    });
    await toolServer(behavior).connect(transport);
    return transport.handleRequest(request);
  };
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: Request) => Promise<Response>,
  onHead: () => void,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const { method = 'GET', url = '/', headers } = request;
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks);
  const given = new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]));
  const found = await answer(
    new Request(`http://127.0.0.1${url}`, { method, headers: given, body, signal: gone.signal }),
  );
  response.writeHead(found.status, Object.fromEntries(found.headers));
  response.flushHeaders();
  onHead();
  for await (const chunk of found.body ?? []) response.write(chunk);
  response.end();
}

if (process.argv[1] === TOOL_SERVER_FILE) {
  const behavior: Behavior = {
    description: 'Gives the text back',
    die: () => process.exit(1),
    onSlow: () => undefined,
  };
  process.stderr.write(`started with ${process.argv[2] ?? 'nothing'}\n`);
  serveStdio(() => toolServer(behavior));
}
