/** Workflows as tools, called by the official client over real HTTP, in both revisions of the protocol. */
import type { AddressInfo } from 'node:net';
import {
  Client,
  type ClientOptions,
  type ElicitResult,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Definition } from '../../core/definition/schema.ts';
import { Outcomes } from '../../engine/outcomes.ts';
import { callApi, execution, newKey, serverParts } from '../../testing/api.ts';
import { newId, newName } from '../../testing/factories.ts';
import { createApi } from '../api.ts';
import { closeApi } from '../close.ts';

const parts = serverParts();
let app: FastifyInstance;
let url: string;
let key: string;
const clients: Client[] = [];

beforeAll(async () => {
  app = await createApi(parts);
  url = await listen(app);
  key = await newKey(parts.store);
  await parts.engine.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(0);
});

async function listen(server: FastifyInstance): Promise<string> {
  await server.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/mcp`;
}

type Era = '2026-07-28' | '2025-11-25';
type Ask = (params: { message: string; requestedSchema?: unknown }) => ElicitResult | Promise<ElicitResult>;
const ERAS: readonly Era[] = ['2026-07-28', '2025-11-25'];

interface Connection {
  readonly key?: string;
  readonly at?: string;
  /** What its person answers; absent: it has none to ask. */
  readonly ask?: Ask;
  readonly capabilities?: ClientOptions['capabilities'];
}

async function connect(
  era: Era,
  { key: own = key, at = url, ask, capabilities = {} }: Connection = {},
): Promise<Client> {
  const all = { ...capabilities, ...(ask !== undefined && { elicitation: { form: {} } }) };
  const mode = era === '2026-07-28' ? { pin: era } : ('legacy' as const);
  const client = new Client({ name: 'test', version: '1' }, { capabilities: all, versionNegotiation: { mode } });
  if (ask !== undefined) client.setRequestHandler('elicitation/create', async ({ params }) => await ask(params));
  const headers = { authorization: `Bearer ${own}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(at), { requestInit: { headers } }));
  clients.push(client);
  return client;
}

const EXTENSION = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const task = z.looseObject({ taskId: z.string(), status: z.string() });
const anything = z.looseObject({});

const ECHO = [{ id: 'echo', type: 'transform', config: { set: { said: '{{ $json.text }}' } } }];
const FOREVER = [{ id: 'nap', type: 'delay', config: { for: '30d' } }];
const INPUT = { type: 'object', required: ['text'], properties: { text: { type: 'string' } } };

async function deploy(over: Partial<Definition> = {}): Promise<string> {
  const name = newName();
  const body = { name, nodes: ECHO, expose: { mcp: true }, ...over };
  const { status, text } = await callApi(app, key, 'createWorkflow', { body, query: { activate: 'true' } });
  expect(status, text).toBe(201);
  return name;
}

/** Asks, and says what was decided. */
const deployAsking = (config: object = {}, mcp: object = {}) =>
  deploy({
    nodes: [
      { id: 'ask', type: 'approval', config: { title: 'Refund {{ $json.amount }}?', ...config } },
      { id: 'paid', type: 'transform', config: { value: { paid: '{{ $json.decision }}' } } },
      { id: 'kept', type: 'transform', config: { value: { kept: '{{ $json.decision }}' } } },
    ],
    edges: ['ask:approved -> paid', 'ask:rejected -> kept'],
    expose: { mcp: { wait: '0s', ...mcp } },
  });

// biome-ignore lint/suspicious/noExplicitAny: tests look into results of every form
const call = async (client: Client, name: string, args: Record<string, unknown> = {}): Promise<any> =>
  await client.callTool({ name, arguments: args });

const openApproval = async (workflow: string) =>
  (await callApi(app, key, 'listApprovals', { query: { workflow, status: 'open' } })).body.items[0];

describe.each(ERAS)('a client of %s', (era) => {
  test('finds active workflows that are exposed, and no others', async () => {
    const named = newName();
    const name = await deploy({
      description: 'Says it again',
      triggers: [{ id: 'by-hand', type: 'manual', input: INPUT }],
    });
    await deploy({ expose: { mcp: { name: named, description: 'Of its own' } } });
    const hidden = await deploy({ expose: {} });
    const paused = await deploy();
    await callApi(app, key, 'pauseWorkflow', { params: { id: paused }, body: {} });
    const { tools } = await (await connect(era)).listTools();
    const byName = new Map(tools.map((tool) => [tool.name, tool]));
    expect(byName.get(name)).toMatchObject({ description: 'Says it again', inputSchema: INPUT });
    expect(byName.get(named)).toMatchObject({ description: 'Of its own', inputSchema: { type: 'object' } });
    expect(byName.has('myelin_execution')).toBe(true);
    for (const absent of [hidden, paused]) expect(byName.has(absent)).toBe(false);
  });

  test('gets the output, as an object and as text', async () => {
    const name = await deploy();
    const client = await connect(era);
    const result = await call(client, name, { text: 'hi' });
    expect(result).toMatchObject({ structuredContent: { said: 'hi' }, content: [{ type: 'text' }] });
    expect(JSON.parse(result.content[0].text)).toEqual({ text: 'hi', said: 'hi' });
    const list = await deploy({ nodes: [{ id: 'a', type: 'transform', config: { value: [1, 2] } }] });
    expect(await call(client, list)).toMatchObject({
      structuredContent: { result: [1, 2] },
      content: [{ text: '[1,2]' }],
    });
  });

  test('reads what is wrong with its arguments, and nothing is started', async () => {
    const name = await deploy({ triggers: [{ id: 'by-hand', type: 'manual', input: INPUT }] });
    const client = await connect(era);
    const result = await call(client, name, { text: 1 });
    expect(result).toMatchObject({ isError: true, structuredContent: { error: { code: 'invalid_request' } } });
    expect(result.content[0].text).toMatch(/^invalid_request: input\.text: /);
    expect((await callApi(app, key, 'listExecutions', { query: { workflow: name } })).body.items).toEqual([]);
    await expect(call(client, newName())).rejects.toThrow('There is no tool');
  });

  test('reads how a workflow failed', async () => {
    const config = { message: 'No such order', code: 'order_unknown' };
    const name = await deploy({ nodes: [{ id: 'no', type: 'fail', config }] });
    const result = await call(await connect(era), name);
    expect(result).toMatchObject({ isError: true, structuredContent: { error: { message: 'No such order' } } });
  });

  test('learns of a long run by which id it goes on, and finds its result by it', async () => {
    const name = await deploy({ nodes: FOREVER, expose: { mcp: { wait: '0s' } } });
    const client = await connect(era);
    const result = await call(client, name);
    const { executionId, status } = result.structuredContent;
    expect(result.isError).toBeFalsy();
    expect(['running', 'waiting']).toContain(status);
    expect(result.content[0].text).toContain(executionId);
    await callApi(app, key, 'cancelExecution', { params: { id: executionId }, body: {} });
    expect(await call(client, 'myelin_execution', { executionId })).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'canceled' } },
    });
    for (const wrong of [{}, { executionId: newId() }, { executionId: 'x' }]) {
      expect((await call(client, 'myelin_execution', wrong)).isError).toBe(true);
    }
  });

  test('starts once with one key', async () => {
    const name = await deploy();
    const client = await connect(era);
    const once = { name, arguments: { text: 'a' }, _meta: { 'myelin/idempotencyKey': newId() } };
    const [one, two] = [await client.callTool(once), await client.callTool(once)];
    expect(one._meta?.['myelin/executionId']).toBe(two._meta?.['myelin/executionId']);
    const long = { ...once, _meta: { 'myelin/idempotencyKey': 'x'.repeat(256) } };
    expect((await client.callTool(long)).isError).toBe(true);
  });

  test('has its person approve, by the name of its key', async () => {
    const asked: string[] = [];
    const ask: Ask = ({ message }) => {
      asked.push(message);
      return { action: 'accept', content: { comment: 'fine' } };
    };
    const name = await deployAsking({}, { wait: '1m' });
    const result = await call(await connect(era, { ask }), name, { amount: 7 });
    expect(result.structuredContent).toMatchObject({
      paid: { decision: 'approved', by: 'test', via: 'mcp', comment: 'fine' },
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('Refund 7?');
    expect(asked[0]).toContain('"amount": 7');
  });

  test('has its person reject', async () => {
    const name = await deployAsking({}, { wait: '1m' });
    const result = await call(await connect(era, { ask: () => ({ action: 'decline' }) }), name);
    expect(result.structuredContent).toMatchObject({ kept: { decision: 'rejected', by: 'test', via: 'mcp' } });
  });

  test('has its person fill in the form', async () => {
    const form = {
      type: 'object',
      required: ['amount'],
      properties: { amount: { type: 'number', maximum: 100 }, why: { type: 'string', pattern: '^x' } },
    };
    const seen: unknown[] = [];
    const ask: Ask = ({ requestedSchema }) => {
      seen.push(requestedSchema);
      return { action: 'accept', content: { amount: 5, why: 'xy' } };
    };
    const name = await deployAsking({ form }, { wait: '1m' });
    const result = await call(await connect(era, { ask }), name, { amount: 7 });
    expect(result.structuredContent).toMatchObject({ paid: { data: { amount: 5, why: 'xy' } } });
    expect(seen).toEqual([
      {
        type: 'object',
        required: ['amount'],
        properties: { amount: { type: 'number', maximum: 100, default: 7 }, why: { type: 'string' } },
      },
    ]);
  });

  test('is not asked what is for others, and learns who decides it', async () => {
    const ask: Ask = () => {
      throw new Error('asked');
    };
    const name = await deployAsking({ assignees: ['finance'] });
    const client = await connect(era, { ask });
    const { structuredContent } = await call(client, name);
    const { executionId } = structuredContent;
    await execution(parts, executionId, ({ status }) => status === 'waiting');
    const { id } = await openApproval(name);
    const decided = callApi(app, key, 'decideApproval', {
      params: { id },
      body: { decision: 'approved', by: 'finance' },
    });
    expect((await decided).status).toBe(200);
    const result = await call(client, 'myelin_execution', { executionId });
    expect(result.structuredContent).toMatchObject({ paid: { by: 'finance' } });
  });

  test('without a person to ask is told of the approval, and gets no link to decide it', async () => {
    const name = await deployAsking({ assignees: ['finance', 'bo'] });
    const client = await connect(era);
    const once = { name, _meta: { 'myelin/idempotencyKey': newId() } };
    const { _meta } = await client.callTool(once);
    await execution(parts, String(_meta?.['myelin/executionId']), ({ status }) => status === 'waiting');
    const result = await client.callTool(once);
    const { id } = await openApproval(name);
    const approvals = [{ id, title: 'Refund ?', assignees: ['finance', 'bo'] }];
    expect(result.structuredContent).toMatchObject({ status: 'waiting', approvals });
    expect(JSON.stringify(result.content)).toContain(`finance or bo decides the approval ${id}`);
    expect(JSON.stringify(result)).not.toContain('token');
  });

  test('with a wrong key, or one of another project, finds nothing', async () => {
    const name = await deploy();
    await expect(connect(era, { key: 'wrong' })).rejects.toThrow();
    const other = await connect(era, { key: await newKey(parts.store, newId()), capabilities: EXTENSION });
    expect((await other.listTools()).tools).toEqual([]);
    await expect(call(other, name, { text: 'x' })).rejects.toThrow('There is no tool');
    const { _meta } = await call(await connect(era), name, { text: 'x' });
    const executionId = _meta['myelin/executionId'];
    expect(await call(other, 'myelin_execution', { executionId })).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'execution_not_found' } },
    });
    await expect(other.request({ method: 'tasks/get', params: { taskId: executionId } }, task)).rejects.toThrow(
      'There is no execution',
    );
  });
});

test('a dialog that is closed decides nothing, and does not come again', async () => {
  let asked = 0;
  const ask: Ask = () => {
    asked++;
    return { action: 'cancel' };
  };
  const name = await deployAsking({}, { wait: '1m' });
  const { structuredContent } = await call(await connect('2026-07-28', { ask }), name);
  expect(structuredContent).toMatchObject({ status: 'waiting', approvals: [{ id: (await openApproval(name)).id }] });
  expect(asked).toBe(1);
});

test('an answer that does not fit the form is asked for again, with the reason', async () => {
  const form = { type: 'object', properties: { amount: { type: 'number', maximum: 100 } } };
  const messages: string[] = [];
  const ask: Ask = ({ message }) => {
    messages.push(message);
    return { action: 'accept', content: { amount: messages.length === 1 ? 1000 : 5 } };
  };
  const name = await deployAsking({ form }, { wait: '1m' });
  const result = await call(await connect('2026-07-28', { ask }), name, { amount: 7 });
  expect(result.structuredContent).toMatchObject({ paid: { data: { amount: 5 } } });
  expect(messages).toHaveLength(2);
  expect(messages[1]).toMatch(/^That was not taken: data\.amount: /);
});

test('a form that no dialog shows is answered as it is', async () => {
  const form = { type: 'object', required: ['lines'], properties: { lines: { type: 'array', items: INPUT } } };
  const name = await deployAsking({ form }, { wait: '1m' });
  const client = await connect('2026-07-28', { ask: () => ({ action: 'accept', content: {} }) });
  const fits = await call(client, name, { lines: [{ text: 'x' }] });
  expect(fits.structuredContent).toMatchObject({ paid: { decision: 'approved' } });
});

test('a round of another workflow is refused, and so are answers to what is not asked', async () => {
  const [one, two] = [await deployAsking(), await deployAsking()];
  const client = await connect('2026-07-28');
  const { executionId } = (await call(client, one)).structuredContent;
  await execution(parts, executionId, ({ status }) => status === 'waiting');
  const { id } = await openApproval(one);
  const answers = { [id]: { action: 'accept', content: {} }, [newId()]: { action: 'accept', content: {} } };
  const again = { name: two, arguments: {}, requestState: executionId, inputResponses: answers };
  const elicitation = { elicitation: { form: {} } };
  const refused = await post('tools/call', again, { capabilities: elicitation });
  expect(refused.result).toMatchObject({
    isError: true,
    structuredContent: { error: { code: 'execution_not_found' } },
  });
  expect((await openApproval(one)).id).toBe(id);
  const silent = await post('tools/call', { ...again, name: one }, {});
  expect(silent.result.structuredContent).toMatchObject({ executionId });
  expect((await openApproval(one)).id).toBe(id);
  const done = await post('tools/call', { ...again, name: one }, { capabilities: elicitation });
  const { status } = await execution(parts, executionId);
  expect([status, done.result.structuredContent.executionId ?? executionId]).toEqual(['completed', executionId]);
});

test('an answer is taken from whoever is asked, in his project, if it fits', async () => {
  const form = { type: 'object', properties: { amount: { type: 'number', maximum: 100 } } };
  const once = { 'myelin/idempotencyKey': newId() };
  const open = async (config: object) => {
    const name = await deployAsking(config);
    const { _meta } = await (await connect('2025-11-25')).callTool({ name, _meta: once });
    const id = String(_meta?.['myelin/executionId']);
    await execution(parts, id, ({ status }) => status === 'waiting');
    return { id: (await openApproval(name)).id as string, executionId: id };
  };
  const answer = async (id: string, content: object, by = key) => {
    const message = { jsonrpc: '2.0', id: `approval:${id}:1`, result: { action: 'accept', content } };
    const headers = { authorization: `Bearer ${by}`, 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) })).status;
  };
  const mine = await open({ form });
  const theirs = await open({ assignees: ['finance'] });
  expect(await answer(theirs.id, {})).toBe(403);
  expect(await answer(mine.id, { amount: 5 }, await newKey(parts.store, newId()))).toBe(404);
  expect(await answer(newId(), {})).toBe(404);
  expect(await answer(mine.id, { amount: 1000 })).toBe(400);
  for (const { executionId } of [mine, theirs]) {
    expect((await execution(parts, executionId, () => true)).status).toBe('waiting');
  }
  expect(await answer(mine.id, { amount: 5 })).toBe(202);
  expect((await execution(parts, mine.executionId)).status).toBe('completed');
  expect(await answer(mine.id, { amount: 6 })).toBe(202);
});

test.each(ERAS)('a caller that goes away is waited for no longer (%s)', async (era) => {
  const [began, ended] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
  const outcomes = new Outcomes();
  const watch = outcomes.watch.bind(outcomes);
  outcomes.watch = (executionId, changed) => {
    const stop = watch(executionId, changed);
    began.resolve(executionId);
    return () => {
      stop();
      ended.resolve();
    };
  };
  const other = await createApi({ ...parts, engine: { ...parts.engine, outcomes } });
  const client = await connect(era, { at: await listen(other) });
  const name = await deploy({ nodes: FOREVER, expose: { mcp: { wait: '10m' } } });
  const called = client.callTool({ name }).catch(() => 'gone');
  const executionId = await began.promise;
  await client.close();
  expect(await called).toBe('gone');
  await ended.promise;
  expect((await execution(parts, executionId, () => true)).finishedAt).toBeNull();
  // The client may have opened a connection that it has no use for any more.
  await closeApi(other, parts.runtime, 0);
});

interface Posted {
  readonly capabilities?: object;
  readonly headers?: Record<string, string>;
  readonly at?: string;
}

/** A request of 2026-07-28 as it stands on the wire. */
async function post(method: string, params: Record<string, unknown>, { capabilities = {}, headers, at = url }: Posted) {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  const named = params.name ?? params.taskId;
  const response = await fetch(at, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof named === 'string' && { 'mcp-name': named }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every form
  const body: any = await response.json();
  return { status: response.status, ...body };
}

test('pages of other origins are refused, and so is a body that is too large or no JSON', async () => {
  const own = await post('tools/list', {}, { headers: { origin: new URL(url).origin } });
  expect(own).toMatchObject({ status: 200, result: { resultType: 'complete' } });
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
    expect(await post('tools/list', {}, { headers: { origin } })).toMatchObject({ status: 403, code: 'forbidden' });
  }
  const large = { name: 'x', arguments: { text: 'x'.repeat(70_000) } };
  expect(await post('tools/call', large, {})).toMatchObject({ status: 413, code: 'body_too_large' });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  expect((await fetch(url, { method: 'POST', headers, body: '{' })).status).toBe(400);
  expect((await fetch(url, { method: 'POST', headers, body: '{"__proto__":1}' })).status).toBe(400);
  expect((await fetch(url, { method: 'POST', headers })).status).toBe(400);
  expect((await fetch(url, { headers })).status).toBe(405);
});

describe('a task of 2026-07-28', () => {
  const begin = async (name: string, capabilities: object = EXTENSION) =>
    (await post('tools/call', { name, arguments: { amount: 7 } }, { capabilities })).result;

  test('is the answer to a call that goes on; it is polled, and canceled', async () => {
    const name = await deploy({ nodes: FOREVER, expose: { mcp: { wait: '0s' } } });
    const begun = await begin(name);
    expect(begun).toMatchObject({ resultType: 'task', status: 'working', ttlMs: null, pollIntervalMs: 1000 });
    const client = await connect('2026-07-28', { capabilities: EXTENSION });
    expect(client.getServerCapabilities()).toMatchObject(EXTENSION);
    const { taskId } = begun;
    const get = () => client.request({ method: 'tasks/get', params: { taskId } }, task);
    expect(await get()).toMatchObject({ taskId, status: 'working' });
    await client.request({ method: 'tasks/cancel', params: { taskId } }, anything);
    await execution(parts, taskId);
    expect(await get()).toMatchObject({ taskId, status: 'cancelled' });
    await client.request({ method: 'tasks/cancel', params: { taskId } }, anything);
  });

  test('is no answer for a client that does not know tasks', async () => {
    const name = await deploy({ nodes: FOREVER, expose: { mcp: { wait: '0s' } } });
    const result = await begin(name, {});
    expect(result).toMatchObject({ resultType: 'complete' });
    const { executionId: taskId } = result.structuredContent;
    for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
      expect((await post(method, { taskId }, {})).error).toMatchObject({
        code: -32021,
        data: { requiredCapabilities: EXTENSION },
      });
    }
    expect((await execution(parts, taskId, () => true)).finishedAt).toBeNull();
  });

  test('says what it asks, takes the answer and has the result', async () => {
    const name = await deployAsking();
    const { taskId } = await begin(name);
    await execution(parts, taskId, ({ status }) => status === 'waiting');
    const { id } = await openApproval(name);
    const client = await connect('2026-07-28', { ask: () => ({ action: 'cancel' }), capabilities: EXTENSION });
    const blind = await connect('2026-07-28', { capabilities: EXTENSION });
    const get = (by: Client) => by.request({ method: 'tasks/get', params: { taskId } }, task);
    expect(await get(blind)).toMatchObject({ status: 'working', statusMessage: expect.stringContaining(id) });
    const asking = await get(client);
    expect(asking).toMatchObject({
      status: 'input_required',
      inputRequests: {
        [id]: { method: 'elicitation/create', params: { message: expect.stringContaining('Refund 7?') } },
      },
    });
    const inputResponses = { [id]: { action: 'accept', content: { comment: 'later' } } };
    await client.request({ method: 'tasks/update', params: { taskId, inputResponses } }, anything);
    await execution(parts, taskId);
    expect(await get(client)).toMatchObject({
      status: 'completed',
      result: { structuredContent: { paid: { decision: 'approved', comment: 'later', by: 'test' } } },
    });
  });

  test('of a workflow that failed is completed, with a result that is an error', async () => {
    const name = await deploy({ nodes: [{ id: 'no', type: 'fail', config: { message: 'No' } }] });
    const client = await connect('2026-07-28', { capabilities: EXTENSION });
    const { _meta } = await call(client, name);
    const taskId = _meta['myelin/executionId'];
    const got = await client.request({ method: 'tasks/get', params: { taskId } }, task);
    expect(got).toMatchObject({ status: 'completed', result: { isError: true } });
  });
});

describe('a task of 2025-11-25', () => {
  const begin = async (client: Client, name: string) => {
    const params = { name, arguments: { amount: 7 }, task: { ttl: 60_000 } };
    const created = z.looseObject({ task: z.looseObject({ taskId: z.string(), status: z.string() }) });
    return (await client.request({ method: 'tools/call', params }, created)).task;
  };
  const get = (client: Client, taskId: string) => client.request({ method: 'tasks/get', params: { taskId } }, task);

  test('begins by the wish of the client; it is polled, and canceled', async () => {
    const name = await deploy({ nodes: FOREVER });
    const client = await connect('2025-11-25');
    expect(client.getServerCapabilities()).toMatchObject({ tasks: { cancel: {}, requests: { tools: { call: {} } } } });
    const { taskId, ...begun } = await begin(client, name);
    expect(begun).toMatchObject({ status: 'working', ttl: null, pollInterval: 1000 });
    const canceled = await client.request({ method: 'tasks/cancel', params: { taskId } }, task);
    expect(canceled).toMatchObject({ taskId, status: 'cancelled' });
    expect(await get(client, taskId)).toMatchObject({ status: 'cancelled' });
    await expect(client.request({ method: 'tasks/cancel', params: { taskId } }, task)).rejects.toThrow('is over');
  });

  test('has a result that is waited for, and asks its person meanwhile', async () => {
    const name = await deployAsking();
    const client = await connect('2025-11-25', { ask: () => ({ action: 'accept', content: {} }) });
    const { taskId } = await begin(client, name);
    const result = await client.request({ method: 'tasks/result', params: { taskId } }, anything);
    expect(result).toMatchObject({
      structuredContent: { paid: { decision: 'approved', by: 'test' } },
      _meta: { 'io.modelcontextprotocol/related-task': { taskId } },
    });
    expect(await get(client, taskId)).toMatchObject({ status: 'completed' });
  });

  test('of a workflow that failed is failed', async () => {
    const name = await deploy({ nodes: [{ id: 'no', type: 'fail', config: { message: 'No' } }] });
    const client = await connect('2025-11-25');
    const { taskId } = await begin(client, name);
    await execution(parts, taskId);
    expect(await get(client, taskId)).toMatchObject({ status: 'failed' });
    const result = await client.request({ method: 'tasks/result', params: { taskId } }, anything);
    expect(result).toMatchObject({ isError: true });
  });
});
