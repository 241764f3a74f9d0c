import { afterEach, expect, test } from 'vitest';
import { MyelinError } from '../../../core/errors.ts';
import type { Egress } from '../../../ports/egress.ts';
import type { Logger } from '../../../ports/runtime.ts';
import type { ExternalResult, Tools } from '../../../ports/tools.ts';
import {
  type ServedTools,
  type ServeOptions,
  serveToolServer,
  TOOL_SERVER_FILE,
} from '../../../testing/tool-server.ts';
import type { McpSettings } from '../settings.ts';
import { createTools } from '../tools.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The egress itself has tests of its own. */
const egress: Egress = {
  request: () => Promise.reject(new Error('not in this test')),
  fetch: (url, init) => fetch(url, init),
  resolve: async (host: string) => host,
  socket: () => {
    throw new Error('not in this test');
  },
};

interface Line {
  readonly fields: object;
  readonly message: string;
}

function logOf(lines: Line[]): Logger {
  const take = (fields: object, message: string) => {
    lines.push({ fields, message });
  };
  return { debug: () => undefined, info: take, warn: take, error: take };
}

function toolsOf(settings: Partial<McpSettings> & Pick<McpSettings, 'server'>, lines: Line[] = []): Tools {
  const whole = { kind: 'mcp', name: 'ill', description: 'ill', effects: {}, timeoutMs: 30_000, ...settings } as const;
  const tools = createTools({ egress, settings: [whole], secrets: { TOKEN: 'hunter2' }, log: logOf(lines) });
  closing.push(() => tools.stop());
  return tools;
}

function overStdio(settings: Partial<McpSettings> = {}, lines: Line[] = []): Tools {
  const args = [TOOL_SERVER_FILE, 'the token hunter2'];
  const env = { GREETING: 'hello', TOKEN: { secret: 'TOKEN' } };
  const server = { command: process.execPath, args, env, cwd: process.cwd() };
  return toolsOf({ server, ...settings }, lines);
}

async function overHttp(
  options: ServeOptions,
  settings: Partial<McpSettings> = {},
): Promise<{ tools: Tools; served: ServedTools }> {
  const served = await serveToolServer(options);
  closing.push(() => served.stop());
  const server = { url: served.url, headers: { 'x-token': { secret: 'TOKEN' } } };
  return { served, tools: toolsOf({ server, ...settings }) };
}

const never = new AbortController().signal;

const call = (tools: Tools, name: string, given: Record<string, string | number> = {}, more: object = {}) =>
  tools.call({ id: `mcp:ill/${name}`, arguments: given, idempotencyKey: 'key-1', signal: never, ...more });

async function failure(promise: Promise<unknown>): Promise<MyelinError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof MyelinError) return error;
  throw new Error(`expected a MyelinError, got ${String(error)}`);
}

/** Each way to reach the same server. */
const WAYS: readonly [string, () => Promise<Tools>][] = [
  ['stdio', async () => overStdio()],
  ['http', async () => (await overHttp({ era: 'modern' })).tools],
  ['http, streaming', async () => (await overHttp({ era: 'modern', stream: true })).tools],
  ['http of 2025', async () => (await overHttp({ era: 'legacy' })).tools],
];

test.each(WAYS)('%s: what the tools are, and what they give', async (_, open) => {
  const tools = await open();
  const found = await tools.list('mcp:ill', never);
  expect(found.find(({ name }) => name === 'echo')).toEqual({
    id: 'mcp:ill/echo',
    name: 'echo',
    description: 'Gives the text back',
    parameters: { type: 'object', properties: { text: { type: 'string', maxLength: 5_000_000 } }, required: ['text'] },
    effect: 'read',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(found.map(({ name, effect }) => [name, effect])).toContainEqual(['add', 'idempotent']);
  expect(found.map(({ name, effect }) => [name, effect])).toContainEqual(['die', 'irreversible']);
  expect(await call(tools, 'echo', { text: 'hi' })).toEqual({ output: 'hi', isError: false });
  expect(await call(tools, 'add', { a: 1, b: 2 })).toEqual({ output: { sum: 3 }, isError: false });
  expect(await call(tools, 'refuse')).toEqual({ output: 'no such issue', isError: true });
  expect(await call(tools, 'key')).toEqual({ output: 'key-1', isError: false });
  expect(await call(tools, 'picture')).toEqual({
    output: ['see', { type: 'image', mediaType: 'image/png', size: 5 }],
    isError: false,
  });
});

test.each(WAYS)('%s: a server that dies in the middle of a call, and is there again', async (_, open) => {
  const tools = await open();
  expect(await call(tools, 'echo', { text: 'a' })).toMatchObject({ output: 'a' });
  const error = await failure(call(tools, 'die'));
  expect(error).toMatchObject({ code: 'tool_source_failed', kind: 'transient', data: { sent: true } });
  expect(error.message).toContain('mcp:ill/die');
  expect(await call(tools, 'echo', { text: 'b' })).toMatchObject({ output: 'b' });
});

test.each(WAYS)('%s: unknown tools, wrong arguments and too much output are told apart', async (_, open) => {
  const tools = await open();
  expect(await failure(call(tools, 'nothing'))).toMatchObject({ code: 'tool_not_found', data: undefined });
  const text = await failure(call(tools, 'echo', { text: 'x'.repeat(1_100_000) }));
  expect(text).toMatchObject({ code: 'tool_failed', data: { sent: true } });
  expect(text.message).toContain('at most 1048576');
  expect(await failure(call(tools, 'echo', {}, { arguments: 'hi' }))).toMatchObject({ code: 'config_invalid' });
  // The server says what it thinks of arguments that nobody checked before.
  expect(await call(tools, 'add', { a: 'one', b: 2 })).toMatchObject({ isError: true });
});

test.each(WAYS)('%s: the signal of the caller ends a call, and the others go on', async (_, open) => {
  const tools = await open();
  await call(tools, 'echo', { text: 'connected' });
  const caller = new AbortController();
  const slow = failure(call(tools, 'slow', {}, { signal: caller.signal }));
  const other = call(tools, 'echo', { text: 'other' });
  caller.abort(new MyelinError('canceled', 'no more'));
  expect(await slow).toMatchObject({ code: 'canceled', message: 'no more' });
  expect(await other).toMatchObject({ output: 'other' });
  const early = await failure(call(tools, 'echo', { text: 'x' }, { signal: caller.signal }));
  expect(early).toMatchObject({ code: 'canceled' });
});

test('the server hears that a call was given up', async () => {
  const { tools, served } = await overHttp({ era: 'modern' });
  const caller = new AbortController();
  const began = new Promise<AbortSignal>((resolve) => {
    served.behavior.onSlow = resolve;
  });
  const slow = failure(call(tools, 'slow', {}, { signal: caller.signal }));
  const signal = await began;
  const ended = new Promise((resolve) => signal.addEventListener('abort', resolve));
  caller.abort();
  expect(await slow).toMatchObject({ code: 'interrupted' });
  await ended;
});

test.each([
  ['stdio', async () => overStdio({ timeoutMs: 5_000 })],
  ['http', async () => (await overHttp({ era: 'modern' }, { timeoutMs: 300 })).tools],
] as const)('%s: a call that takes longer than it may', async (_, open) => {
  const tools: Tools = await open();
  await call(tools, 'echo', { text: 'connected' });
  expect(await failure(call(tools, 'slow'))).toMatchObject({
    code: 'timeout',
    kind: 'transient',
    data: { sent: true },
  });
  expect(await call(tools, 'echo', { text: 'still there' })).toMatchObject({ output: 'still there' });
});

test.each(WAYS)('%s: a tool that was seen and then changed is another', async (_, open) => {
  const tools = await open();
  const hash = (await tools.list('mcp:ill', never)).find(({ name }) => name === 'echo')?.hash;
  expect(await call(tools, 'echo', { text: 'same' }, { hash })).toMatchObject({ output: 'same' });
  expect(await failure(call(tools, 'echo', { text: 'x' }, { hash: '0'.repeat(64) }))).toMatchObject({
    code: 'tool_changed',
  });
});

test('stdio: a change that the server tells of is seen', async () => {
  const tools = overStdio();
  const hash = (await tools.list('mcp:ill', never)).find(({ name }) => name === 'echo')?.hash;
  await call(tools, 'change');
  await seen(tools, hash);
  expect(await failure(call(tools, 'echo', { text: 'x' }, { hash }))).toMatchObject({ code: 'tool_changed' });
});

test('http: a change that the server tells of is seen', async () => {
  const { tools, served } = await overHttp({ era: 'modern' });
  const hash = (await tools.list('mcp:ill', never)).find(({ name }) => name === 'echo')?.hash;
  served.behavior.description = 'Sends the text to somebody else';
  served.changed();
  await seen(tools, hash);
  expect(await failure(call(tools, 'echo', { text: 'x' }, { hash }))).toMatchObject({ code: 'tool_changed' });
});

/** Until the list shows another echo; the notification is on its way beside the calls. */
async function seen(tools: Tools, hash: string | undefined): Promise<void> {
  for (;;) {
    const now = (await tools.list('mcp:ill', never)).find(({ name }) => name === 'echo');
    if (now?.hash !== hash) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('the operator chooses among the tools, and knows better what they do', async () => {
  const tools = overStdio({ include: ['e*', 'add'], effects: { add: 'irreversible', 'e*': 'pure' } });
  const found = await tools.list('mcp:ill', never);
  expect(found.map(({ name, effect }) => [name, effect])).toEqual([
    ['echo', 'pure'],
    ['add', 'irreversible'],
    ['env', 'pure'],
  ]);
  expect(await failure(call(tools, 'die'))).toMatchObject({ code: 'tool_not_found' });
});

test('a child sees the variables that are named, and none of the server', async () => {
  process.env.MYELIN_SECRET_OTHER = 'a secret of somebody else';
  try {
    const { output } = (await call(overStdio(), 'env')) as ExternalResult & { output: { names: string[] } };
    expect(output.names).toEqual(expect.arrayContaining(['GREETING', 'TOKEN', 'PATH']));
    expect(output.names.filter((name) => /MYELIN|VITEST|DATABASE|NODE_/.test(name))).toEqual([]);
  } finally {
    delete process.env.MYELIN_SECRET_OTHER;
  }
});

test('the last words of a child are logged, without its secrets', async () => {
  const lines: Line[] = [];
  const tools = overStdio({}, lines);
  await failure(call(tools, 'die'));
  await tools.stop();
  const words = JSON.stringify(lines);
  expect(words).toContain('started with the token ***');
  expect(words).not.toContain('hunter2');
});

test('secrets go into the headers of the request', async () => {
  const { tools, served } = await overHttp({ era: 'modern' });
  await call(tools, 'echo', { text: 'x' });
  expect(served.lastHeaders()['x-token']).toBe('hunter2');
});

test('a secret that is not set is named', async () => {
  const server = { url: 'http://127.0.0.1:1/', headers: { authorization: { secret: 'NOWHERE' } } };
  const error = await failure(toolsOf({ server }).list('mcp:ill', never));
  expect(error).toMatchObject({ code: 'secret_missing' });
  expect(error.message).toContain('MYELIN_SECRET_NOWHERE');
});

test.each([
  [401, 'tool_failed', 'headers'],
  [403, 'tool_failed', 'headers'],
  [503, 'tool_source_failed', ''],
] as const)('a server that answers %i to everything', async (refuse, code, words) => {
  const { tools } = await overHttp({ era: 'modern', refuse });
  const error = await failure(tools.list('mcp:ill', never));
  expect(error).toMatchObject({ code });
  expect(error.message).toContain(words);
});

test.each([
  ['a command that is not there', { command: 'no-such-command', args: [], env: {}, cwd: '/' }, 'ENOENT'],
  ['a program that speaks no MCP', { command: process.execPath, args: ['-e', '0'], env: {}, cwd: '/' }, 'mcp:ill'],
  ['a port where nobody listens', { url: 'http://127.0.0.1:1/mcp', headers: {} }, 'mcp:ill'],
] as const)('%s', async (_, server, words) => {
  const error = await failure(toolsOf({ server }).list('mcp:ill', never));
  expect(error).toMatchObject({ code: 'tool_source_failed', kind: 'transient', data: undefined });
  expect(error.message).toContain(words);
  const called = await failure(call(toolsOf({ server }), 'echo'));
  expect(called).toMatchObject({ code: 'tool_source_failed', data: undefined });
});

test('calls that were refused by the egress say why', async () => {
  const denied = new MyelinError('egress_denied', 'private');
  const settings = { kind: 'mcp', name: 'ill', description: '', effects: {}, timeoutMs: 5_000 } as const;
  const server = { url: 'http://10.0.0.1/mcp', headers: {} };
  const refusing: Egress = { ...egress, fetch: () => Promise.reject(denied) };
  const tools = createTools({ egress: refusing, settings: [{ ...settings, server }], secrets: {}, log: logOf([]) });
  expect(await failure(tools.list('mcp:ill', never))).toMatchObject({ code: 'egress_denied' });
});

test('unknown sources are told with those there are; nothing is started to name them', async () => {
  const tools = overStdio();
  expect(tools.sources()).toEqual([{ name: 'mcp:ill', kind: 'mcp', description: 'ill' }]);
  const error = await failure(tools.list('mcp:il', never));
  expect(error).toMatchObject({ code: 'tool_not_found' });
  expect(error.message).toContain('did you mean mcp:ill?');
  await tools.stop();
  expect(await failure(call(tools, 'echo', { text: 'x' }))).toMatchObject({ code: 'shutting_down' });
});
