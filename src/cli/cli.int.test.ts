/** The commands against a server of the test's own that keeps to the contract, from folders of the test's own. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCatalog } from '../app.ts';
import { MyelinError } from '../core/errors.ts';
import { type Io, runCli } from './main.ts';

const at = '2026-07-01T12:00:00.000Z';
const DOCUMENT = `name: demo
triggers:
  - { id: hook, type: webhook, path: in }
nodes:
  - { id: a, type: transform }
`;

/** What a command printed and how it ended. */
interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}
type Answer = { readonly status: number; readonly body?: unknown; readonly events?: readonly unknown[] };
type Routes = Record<string, (request: { body: unknown; url: URL; headers: Record<string, unknown> }) => Answer>;

let folder: string;
let server: Server;
let url: string;
let routes: Routes;
let calls: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-cli-'));
  routes = {};
  calls = [];
  server = createServer(async (request, response) => {
    const body = await text(request);
    const at = new URL(request.url!, 'http://x');
    const call = `${request.method} ${at.pathname}${at.search}`;
    calls.push(call);
    const route = routes[call] ?? routes[`${request.method} ${at.pathname}`] ?? notFound;
    const answer = answerOf(() =>
      route({ body: body === '' ? undefined : JSON.parse(body), url: at, headers: request.headers }),
    );
    if (answer.events !== undefined) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end(answer.events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    return response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeCredentials(folder, url);
});

afterEach(() => {
  server.close().closeAllConnections();
  rmSync(folder, { recursive: true });
});

function writeCredentials(at: string, serverUrl: string, mode = 0o600): void {
  mkdirSync(join(at, '.myelin'), { recursive: true });
  writeFileSync(join(at, '.myelin', 'credentials.json'), JSON.stringify({ apiKey: 'key-1', url: serverUrl }));
  chmodSync(join(at, '.myelin', 'credentials.json'), mode);
}

async function cli(args: string[], more: Partial<Io> = {}): Promise<Outcome> {
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
}

const problem = (status: number, code: string, detail: string, errors?: unknown): Answer => ({
  status,
  body: { type: 't', title: code, status, detail, code, ...(errors !== undefined && { errors }) },
});

/** What fails in a route is an answer too, so that the test sees it. */
function answerOf(route: () => Answer): Answer {
  try {
    return route();
  } catch (error) {
    return problem(500, 'internal', String(error));
  }
}

const notFound = () => problem(404, 'workflow_not_found', 'No workflow has this id or name.');

const saved = (definition: unknown, version = 1, status = 'active') => ({
  ...{ id: 'w1', name: 'demo', version, status, definition, createdAt: at, updatedAt: at },
});
const hook = {
  id: 't1',
  workflowId: 'w1',
  workflowName: 'demo',
  name: 'hook',
  type: 'webhook',
  config: {},
  active: true,
  url: '/webhooks/in',
};
const summary = (status: string, error: unknown = null) => ({
  ...{ id: 'e1', workflowId: 'w1', workflowName: 'demo', version: 1, status, triggerId: 'hook', error },
  ...{
    createdAt: at,
    startedAt: at,
    finishedAt: status === 'running' ? null : '2026-07-01T12:00:01.000Z',
    parentId: null,
  },
});
const node = (status: string, error: unknown = null) => ({
  ...{ path: 'a', id: 'a', type: 'transform', status, attempt: 1, port: null, output: { n: 1 }, error },
  ...{ startedAt: at, finishedAt: status === 'running' ? null : '2026-07-01T12:00:00.500Z' },
});
const execution = (status: string, error: unknown = null) => ({
  ...summary(status, error),
  ...{ trigger: {}, output: status === 'completed' ? { n: 1 } : null, waitingFor: [], truncated: false },
  nodes: [node(status === 'canceled' ? 'canceled' : status, error)],
});
const FAILURE = { code: 'code_failed', kind: 'permanent', message: 'x is not defined' };
const event = (seq: number, type: string) => ({ seq, type, at, data: {} });

/** An execution that runs at the first look and has ended at the next. */
function ending(status: 'completed' | 'failed' | 'canceled'): void {
  const error = status === 'failed' ? FAILURE : null;
  let looks = 0;
  routes['GET /api/executions/e1'] = () => ({
    status: 200,
    body: looks++ === 0 ? execution('running') : execution(status, error),
  });
  routes['GET /api/executions/e1/events'] = () => ({
    status: 200,
    events: [event(1, 'execution.created'), event(2, `execution.${status}`)],
  });
}

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

test('deploy creates, then leaves alone, then updates, and prints where the webhooks are', async () => {
  file('demo.yaml', DOCUMENT);
  routes['GET /api/workflows/w1/triggers'] = () => ({ status: 200, body: { items: [hook], nextCursor: null } });
  let stored: unknown;
  routes['POST /api/workflows?activate=true'] = ({ body, headers }) => {
    expect(headers.authorization).toBe('Bearer key-1');
    stored = body;
    return { status: 201, body: saved(body) };
  };
  expect(await cli(['deploy', 'demo.yaml'])).toEqual({
    exit: 0,
    out: `demo v1 active (created)\n  hook: ${url}/webhooks/in\n`,
    err: '',
  });
  routes['GET /api/workflows/demo'] = () => ({ status: 200, body: saved(stored) });
  expect((await cli(['deploy', 'demo.yaml'])).out).toContain('demo v1 active (unchanged)');
  file('demo.json', JSON.stringify({ name: 'demo', nodes: [{ id: 'b', type: 'transform' }] }));
  routes['PUT /api/workflows/w1?activate=true'] = ({ body }) => ({ status: 200, body: saved(body, 2) });
  const { exit, out } = await cli(['deploy', 'demo.json', '--json']);
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toEqual([
    { id: 'w1', name: 'demo', version: 2, status: 'active', result: 'updated', webhooks: ['/webhooks/in'] },
  ]);
});

test('deploy takes TypeScript, from any folder, and --draft does not activate', async () => {
  const deep = join(folder, 'a', 'b');
  mkdirSync(deep, { recursive: true });
  writeFileSync(
    join(deep, 'demo.ts'),
    `import { workflow } from 'myelin';\nexport default workflow('demo').node('a', 'join');\n`,
  );
  routes['POST /api/workflows'] = ({ body, url: to }) => {
    expect(to.search).toBe('');
    expect(body).toEqual({ name: 'demo', nodes: [{ id: 'a', type: 'join' }] });
    return { status: 201, body: saved(body, 1, 'draft') };
  };
  routes['GET /api/workflows/w1/triggers'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  expect(await cli(['deploy', 'demo.ts', '--draft'], { cwd: deep })).toEqual({
    exit: 0,
    out: 'demo v1 draft (created)\n',
    err: '',
  });
});

test('a refused document is told with its lines', async () => {
  file('demo.yaml', DOCUMENT);
  const errors = [{ path: 'nodes[0].type', message: 'unknown node type' }];
  routes['POST /api/workflows'] = () => problem(422, 'invalid_definition', 'x', errors);
  expect(await cli(['deploy', 'demo.yaml'])).toEqual({
    exit: 4,
    out: '',
    err: 'myelin: demo.yaml has a fault:\n  line 5, nodes[0].type: unknown node type\n',
  });
});

test('flow shows lanes, and one that is held says what it waits for', async () => {
  const lane = { workflowId: 'w1', workflowName: 'demo', kind: 'session', key: 'u\u001b1', running: 1, waiting: 3 };
  routes['GET /api/flow'] = () => ({ status: 200, body: { items: [lane, { ...lane, kind: 'rate', key: null }] } });
  const { exit, out } = await cli(['flow']);
  expect(exit).toBe(0);
  expect(out.split('\n').slice(0, 3)).toEqual([
    'WORKFLOW  LIMIT    RUNNING  WAITING  KEY',
    'demo      session  1        3        "u\\u001b1"',
    'demo      rate     1        3',
  ]);
  expect(JSON.parse((await cli(['flow', '--json'])).out)[0]).toEqual(lane);
  routes['GET /api/flow'] = () => ({ status: 200, body: { items: [] } });
  expect((await cli(['flow'])).out).toBe('');
  const waitingFor = [
    { reason: 'capacity', lane: 'session "u1"', ahead: 2 },
    { reason: 'gather', lane: 'batch', until: at },
  ];
  routes['GET /api/executions/e1'] = () => ({ status: 200, body: { ...execution('pending'), waitingFor, nodes: [] } });
  const held = (await cli(['executions', 'e1'])).out;
  expect(held).toContain('Waits for its turn (session "u1"), with 2 before it');
  expect(held).toContain('Waits for others to gather with (batch) until');
});

test('workflows are listed over all pages', async () => {
  const one = (name: string) => ({
    id: name,
    name,
    version: 1,
    status: 'draft',
    description: null,
    nodes: 2,
    triggers: ['webhook'],
    tool: name === 'b' ? 'sort_mail' : null,
    createdAt: at,
    updatedAt: at,
  });
  routes['GET /api/workflows?limit=200'] = () => ({ status: 200, body: { items: [one('a')], nextCursor: 'c1' } });
  routes['GET /api/workflows?limit=200&cursor=c1'] = () => ({
    status: 200,
    body: { items: [one('b')], nextCursor: null },
  });
  const { out } = await cli(['workflows']);
  expect(out.split('\n').map((line) => line.split(' ')[0])).toEqual(['NAME', 'a', 'b', '']);
  expect(out.match(/webhook.*?(?= {2})/g)).toEqual(['webhook', 'webhook, tool sort_mail']);
});

test('run takes its input as JSON, from a file and from standard input', async () => {
  const inputs: unknown[] = [];
  routes['POST /api/workflows/demo/execute'] = ({ body }) => {
    inputs.push(body);
    return { status: 202, body: { executionId: 'e1' } };
  };
  file('input.yaml', 'a: 1\n');
  async function* stdin() {
    yield Buffer.from('{"b":');
    yield '2}';
  }
  expect(await cli(['run', 'demo'])).toEqual({ exit: 0, out: 'e1\n', err: 'Follow it with `myelin watch e1`.\n' });
  await cli(['run', 'demo', '--input', '[1]']);
  await cli(['run', 'demo', '--input', 'input.yaml']);
  const { out } = await cli(['run', 'demo', '--input', '-', '--json'], { stdin: stdin() });
  expect(JSON.parse(out)).toEqual({ executionId: 'e1' });
  expect(inputs).toEqual([{}, { input: [1] }, { input: { a: 1 } }, { input: { b: 2 } }]);
  expect(await cli(['run', 'demo', '--input', '{"a":'])).toMatchObject({ exit: 2, out: '' });
  expect(await cli(['run', 'demo', '--input', 'no-such-file'])).toMatchObject({
    exit: 2,
    err: 'myelin: There is no file no-such-file.\n',
  });
});

test('emit sends a message and prints its id', async () => {
  const sent: unknown[] = [];
  routes['POST /api/events'] = ({ body }) => {
    sent.push(body);
    return { status: 202, body: { ids: ['m1'] } };
  };
  const full = ['emit', 'order.created', '--data', '{"n":1}', '--key', 'k', '--topic', 't', '--subject', 's'];
  expect(await cli([...full, '--source', '/x', '--id', 'm1'])).toEqual({ exit: 0, out: 'm1\n', err: '' });
  const { out } = await cli(['emit', 'ping', '--json']);
  expect(JSON.parse(out)).toEqual({ ids: ['m1'] });
  const rest = { data: { n: 1 }, key: 'k', topic: 't', subject: 's', source: '/x', id: 'm1' };
  expect(sent).toEqual([{ type: 'order.created', ...rest }, { type: 'ping' }]);
  expect(await cli(['emit', 'ping', '--data', '{'])).toMatchObject({ exit: 2, err: expect.stringMatching('--data') });
});

test('run --wait prints the output alone on stdout and follows on stderr', async () => {
  routes['POST /api/workflows/demo/execute'] = () => ({ status: 202, body: { executionId: 'e1' } });
  ending('completed');
  expect(await cli(['run', 'demo', '--wait'])).toEqual({
    exit: 0,
    out: '{\n  "n": 1\n}\n',
    err: '▶ a  running\ndemo running\n✓ a  completed  500ms\ndemo completed  {"n":1}\n',
  });
  ending('failed');
  const { exit, out, err } = await cli(['run', 'demo', '--wait', '--json']);
  expect({ exit, status: JSON.parse(out).status, err }).toEqual({ exit: 1, status: 'failed', err: '' });
});

test.each([
  ['completed', 0],
  ['failed', 1],
  ['canceled', 2],
] as const)('watch of an execution that is %s exits %d', async (status, exit) => {
  ending(status);
  const plain = await cli(['watch', 'e1']);
  expect(plain.exit).toBe(exit);
  expect(plain.out).toContain(`demo ${status}`);
  expect(plain.out).not.toContain('\u001b');
  const json = await cli(['watch', 'e1', '--json']);
  expect(json.exit).toBe(exit);
  expect(
    json.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).seq),
  ).toEqual([1, 2]);
});

test('stream prints texts as they come, names whose they are, and acts on no terminal for them', async () => {
  const of = (path: string) => ({ path, attempt: 1 });
  const events = [
    { type: 'call', ...of('a'), state: 'started' },
    { type: 'token', ...of('a'), offset: 0, text: 'one\n' },
    { type: 'token', ...of('a'), offset: 4, text: 'two\u001b[2J' },
    { type: 'token', ...of('b[0]/c'), offset: 0, text: 'three' },
    { type: 'reset', path: 'a', attempt: 2 },
    { type: 'token', path: 'a', attempt: 2, offset: 0, text: 'four' },
    { type: 'end', status: 'failed' },
  ];
  routes['GET /api/executions/e1/stream'] = () => ({ status: 200, events });
  routes['GET /api/executions/e1/stream?from=start'] = () => ({ status: 200, events: events.slice(-1) });
  // It is looked at once, after its end.
  routes['GET /api/executions/e1'] = () => ({ status: 200, body: execution('failed', FAILURE) });
  expect(await cli(['stream', 'e1'])).toEqual({
    exit: 1,
    out: 'a:\none\ntwo [2J\nb[0]/c:\nthree\na begins anew\na:\nfour\n',
    err: '',
  });
  const json = await cli(['stream', 'e1', '--json', '--from-start']);
  expect(json).toMatchObject({ exit: 1, out: '{"type":"end","status":"failed","id":""}\n' });
});

test('watch outlives a server that is away between an event and the look at it', async () => {
  ending('completed');
  const look = routes['GET /api/executions/e1']!;
  let looks = 0;
  routes['GET /api/executions/e1'] = (request) =>
    ++looks === 2 ? problem(503, 'store_unavailable', 'PostgreSQL does not answer.') : look(request);
  expect(await cli(['watch', 'e1'])).toMatchObject({ exit: 0, err: '' });
  expect(looks).toBeGreaterThanOrEqual(3);
});

test('on a terminal watch draws in place', async () => {
  ending('completed');
  const { out } = await cli(['watch', 'e1'], { isTTY: true });
  expect(out).toContain('\u001b[2A\r\u001b[?7l\u001b[J');
  expect(out.slice(out.lastIndexOf('\u001b[J'))).toContain('completed');
});

test('executions are listed with filters, and one is shown whole', async () => {
  routes['GET /api/executions'] = ({ url: to }) => {
    expect(to.search).toBe('?status=failed&workflow=demo&limit=5');
    return { status: 200, body: { items: [summary('failed', FAILURE)], nextCursor: 'c' } };
  };
  const list = await cli(['executions', '--status', 'failed', '--workflow', 'demo', '--limit', '5']);
  expect(list.out).toContain('code_failed: x is not defined');
  expect(list.err).toBe('There are more than 5; see more with --limit.\n');
  routes['GET /api/executions/e1'] = () => ({ status: 200, body: execution('failed', FAILURE) });
  const one = await cli(['executions', 'e1']);
  expect(one.out).toContain('Failed at a: code_failed\n  x is not defined\n');
  expect(await cli(['executions', '--status', 'done'])).toMatchObject({ exit: 2, out: '' });
  expect((await cli(['executions', '--limit', '0'])).err).toContain('It is a whole number from 1 to 200.');
});

test('cancel, retry and delete', async () => {
  const reasons: unknown[] = [];
  for (const name of ['cancel', 'retry']) {
    routes[`POST /api/executions/e1/${name}`] = ({ body }) => {
      reasons.push(body);
      return { status: 202, body: summary('running') };
    };
  }
  routes['DELETE /api/executions/e1'] = () => ({ status: 204 });
  expect((await cli(['cancel', 'e1', '--reason', 'wrong'])).out).toBe('e1 is being canceled\n');
  expect(JSON.parse((await cli(['retry', 'e1', '--json'])).out)).toMatchObject({ id: 'e1' });
  expect(JSON.parse((await cli(['delete', 'e1', '--json'])).out)).toEqual({ id: 'e1', deleted: true });
  expect(reasons).toEqual([{ reason: 'wrong' }, {}]);
  routes['DELETE /api/executions/e2'] = () => problem(409, 'execution_active', 'The execution has not ended.');
  expect(await cli(['delete', 'e2'])).toEqual({ exit: 4, out: '', err: 'myelin: The execution has not ended.\n' });
});

test('retention shows the rules, and what would go, of all pages', async () => {
  const rules = { completed: '30d', failed: '90d', canceled: '30d', compensated: '90d' };
  const none = { completed: 0, failed: 0, canceled: 0, compensated: 0 };
  const item = (workflowName: string | null, more: object) => {
    return { workflowId: 'w', workflowName, rules, own: false, due: none, ...more };
  };
  const pages = [
    { items: [item('quiet', {}), item('busy', { due: { ...none, completed: 7 } })], nextCursor: 'next' },
    { items: [item(null, { due: { ...none, failed: 2 } }), item('own', { own: true })], nextCursor: null },
  ];
  routes['GET /api/retention'] = ({ url }) => {
    const page = url.searchParams.get('cursor') === 'next' ? pages[1] : pages[0];
    return { status: 200, body: { rules, lastPass: { startedAt: at, finishedAt: null }, ...page } };
  };
  const { exit, out, err } = await cli(['retention']);
  expect(exit).toBe(0);
  expect(out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
    ['WORKFLOW', 'COMPLETED', 'FAILED'],
    ['busy', '30d (7 go)', '90d'],
    ['(deleted) w', '30d', '90d (2 go)'],
    ['own', '30d', '90d'],
    ['every other workflow', '30d', '90d'],
    [''],
  ]);
  expect(err).toBe('9 executions would go now. The last pass began 2026-07-01 12:00:00 UTC.\n');
  expect(JSON.parse((await cli(['retention', '--json'])).out).items).toHaveLength(4);
});

test('breakers lists what failed lately, and closes a circuit', async () => {
  const items = [
    { name: 'api.example.com:443', state: 'open', calls: 12, failures: 11, openUntil: '2026-07-01T12:00:30.000Z' },
    { name: 'model:scripted:triage', state: 'closed', calls: 4, failures: 1, openUntil: null },
  ];
  routes['GET /api/circuit-breakers'] = () => ({ status: 200, body: { items } });
  routes['POST /api/circuit-breakers/api.example.com%3A443/reset'] = () => ({
    status: 200,
    body: { ...items[0], state: 'closed', openUntil: null },
  });
  const { out } = await cli(['breakers']);
  expect(out).toContain('api.example.com:443    open    11 of 12  2026-07-01 12:00:30\n');
  expect(out).toContain('model:scripted:triage  closed  1 of 4\n');
  expect(JSON.parse((await cli(['breakers', '--json'])).out)).toEqual(items);
  expect((await cli(['breakers', '--reset', 'api.example.com:443'])).out).toBe('api.example.com:443 is closed\n');
  routes['GET /api/circuit-breakers'] = () => ({ status: 200, body: { items: [] } });
  expect(await cli(['breakers'])).toEqual({ exit: 0, out: '', err: 'Nothing has failed lately.\n' });
});

test('prompts are listed, shown, saved from a file, activated and deleted', async () => {
  const saved = { version: 2, note: 'shorter', createdAt: '2026-07-01T12:00:00.000Z' };
  const versions = [saved, { version: 1, note: null, createdAt: '2026-06-01T12:00:00.000Z' }];
  const prompt = { ...saved, name: 'triage', active: 2, text: 'Sort\n{{ $json.log }}', versions };
  const first = { ...prompt, ...versions[1] };
  routes['GET /api/prompts'] = () => ({
    status: 200,
    body: { items: [{ name: 'triage', ...saved }], nextCursor: null },
  });
  routes['GET /api/prompts/triage'] = () => ({ status: 200, body: prompt });
  routes['PUT /api/prompts/triage'] = () => ({ status: 200, body: prompt });
  routes['POST /api/prompts/triage/activate'] = () => ({ status: 200, body: first });
  routes['DELETE /api/prompts/triage'] = () => ({ status: 204 });
  expect((await cli(['prompts'])).out).toContain('triage  v2      2026-07-01 12:00:00  shorter\n');
  expect(await cli(['prompts', 'show', 'triage'])).toMatchObject({
    out: 'Sort\n{{ $json.log }}\n',
    err: 'triage v2; there are v2 (active), v1\n',
  });
  expect(JSON.parse((await cli(['prompts', 'show', 'triage', '--json'])).out)).toEqual(prompt);
  file('triage.txt', 'Sort\n{{ $json.log }}\n');
  expect((await cli(['prompts', 'save', 'triage', 'triage.txt', '--note', 'shorter'])).out).toBe(
    'triage v2 is active\n',
  );
  expect((await cli(['prompts', 'activate', 'triage', 'v1'])).out).toBe('triage v1 is active\n');
  expect((await cli(['prompts', 'delete', 'triage'])).out).toBe('triage is deleted\n');
  for (const bad of [['shw', 'x'], ['show'], ['save', 'x'], ['activate', 'x', 'y'], ['save', 'x', 'nowhere.txt']]) {
    expect((await cli(['prompts', ...bad])).exit, bad.join(' ')).toBe(2);
  }
});

test('models shows what each costs and what is missing', async () => {
  const none = { price: null, window: null, maxOutputTokens: 4_096, tries: [], retrievable: false };
  const limits = { concurrency: null, perMinute: null, timeoutMs: null };
  const price = { version: '1', currency: 'USD', input: 2, output: 8 };
  const items = [
    {
      name: 'smart',
      provider: 'openai',
      problem: null,
      ...none,
      price,
      window: 1_000,
      concurrency: 4,
      perMinute: 60,
      timeoutMs: 90_000,
    },
    { name: 'google:*', provider: 'google', problem: 'GOOGLE is not set', ...none, ...limits },
  ];
  routes['GET /api/models'] = () => ({ status: 200, body: { items } });
  const { out } = await cli(['models']);
  expect(out).toMatch(/smart +2 \/ 8 USD +1000 +4 at once, 60 a minute, 1m30s +ready/);
  expect(out).toMatch(/google:\* +GOOGLE is not set/);
  expect(JSON.parse((await cli(['models', '--json'])).out)).toEqual(items);
});

test('validate needs no server, and checks every file', async () => {
  const catalog = createCatalog;
  file('good.yaml', DOCUMENT);
  file(
    'bad.yaml',
    'name: bad\nnodes:\n  - { id: a, type: tansform }\n  - { id: a, type: delay, config: { for: 1s } }\n',
  );
  file('worse.yaml', 'name: [\n');
  const outcome = await cli(['validate', 'good.yaml', 'bad.yaml', 'worse.yaml'], { catalog });
  expect(outcome.exit).toBe(1);
  expect(outcome.out).toContain('ok  good.yaml\n');
  expect(outcome.out).toContain(
    'fault  bad.yaml:3: nodes[0].type: unknown node type tansform (did you mean transform?)\n',
  );
  expect(outcome.out).toContain('fault  worse.yaml:');
  expect(calls).toEqual([]);
  const { exit, out } = await cli(['validate', 'good.yaml', '--json'], { catalog });
  expect({ exit, out: JSON.parse(out) }).toEqual({ exit: 0, out: [{ file: 'good.yaml', valid: true, errors: [] }] });
  routes['POST /api/workflows/validate'] = () => ({ status: 200, body: { valid: true, errors: [] } });
  expect(await cli(['validate', 'good.yaml', '--server'])).toMatchObject({ exit: 0, out: 'ok  good.yaml\n' });
  expect(await cli(['validate', 'gone.yaml'])).toMatchObject({ exit: 2 });
});

test('types are listed, described, and suggested', async () => {
  const type = {
    type: 'delay',
    version: 1,
    description: 'Waits.',
    configSchema: { properties: { for: { type: 'string' } } },
    example: { for: '1s' },
  };
  routes['GET /api/node-types'] = () => ({
    status: 200,
    body: { items: [{ ...type, kind: 'step', ports: ['out'], effect: 'pure' }] },
  });
  routes['GET /api/trigger-types'] = () => ({ status: 200, body: { items: [{ ...type, type: 'manual' }] } });
  expect((await cli(['types'])).out).toContain('delay  out    pure    Waits.');
  expect((await cli(['types', 'manual'])).out).toContain('manual v1  trigger');
  expect(await cli(['types', 'dely'])).toEqual({
    exit: 4,
    out: '',
    err: 'myelin: There is no node or trigger type dely (did you mean delay?).\n',
  });
});

test('config prints each setting with its source, and no secret', async () => {
  const env = { PORT: '5000', MYELIN_SECRET_TOKEN: 'hush', MYELIN_API_KEY: 'hush' };
  const { exit, out } = await cli(['config'], { env });
  expect(exit).toBe(0);
  expect(out).toMatch(/PORT +5000 +environment/);
  expect(out).not.toContain('hush');
  expect(await cli(['config', '--json'], { env: { PORT: 'x' } })).toMatchObject({ exit: 1, err: '' });
});

test('doctor looks at everything and says how to mend it', async () => {
  routes['GET /health/live'] = () => ({ status: 200, body: { status: 'ok' } });
  routes['GET /health/ready'] = () => ({ status: 200, body: { status: 'ready' } });
  routes['GET /api/workflows'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  const asked: string[] = [];
  const well = await cli(['doctor', '--json'], {
    env: { DATABASE_URL: 'postgres://u:p@db.test/x' },
    ping: async (database) => void asked.push(database),
  });
  const levels = (out: string) =>
    JSON.parse(out).map((one: { what: string; level: string }) => `${one.what} ${one.level}`);
  expect(levels(well.out)).toEqual(
    ['version', 'node', 'settings', 'database', 'disk', 'credentials', 'server', 'ready', 'key', 'clock'].map(
      (what) => `${what} ok`,
    ),
  );
  expect(well.exit).toBe(0);
  expect(asked).toEqual(['postgres://u:p@db.test/x']);

  writeCredentials(folder, url, 0o644);
  routes['GET /health/ready'] = () => problem(503, 'store_unavailable', 'PostgreSQL does not answer.');
  const ill = await cli(['doctor'], {
    env: { DATABASE_URL: 'postgres://u:p@db.test/x' },
    ping: () => Promise.reject(new Error('no route')),
  });
  expect(ill.exit).toBe(1);
  expect(ill.out).toContain('fail  database     db.test: no route\n');
  expect(ill.out).toContain('fail  ready        PostgreSQL does not answer.\n');
  expect(ill.out).toMatch(/warn {2}credentials .*\n +chmod 600 /);
  expect(ill.out).not.toContain('u:p@');
});

test('without a server the exit code is 3 and the message says where it looked', async () => {
  server.close();
  expect(await cli(['workflows'])).toEqual({
    exit: 3,
    out: '',
    err: `myelin: Myelin cannot be reached at ${url}: connection refused. Start it with \`myelin start\`, or check the address.\n`,
  });
  const { exit, out } = await cli(['workflows', '--json']);
  expect({ exit, code: JSON.parse(out).error.code }).toEqual({ exit: 3, code: 'unreachable' });
  expect(await cli(['doctor'])).toMatchObject({ exit: 0 });
});

test('a key goes only to the server it is of', async () => {
  const seen: unknown[] = [];
  routes['GET /api/executions'] = ({ headers }) => {
    seen.push(headers.authorization);
    return { status: 200, body: { items: [], nextCursor: null } };
  };
  await cli(['executions'], { env: { MYELIN_URL: url } });
  writeCredentials(folder, 'http://other.test');
  await cli(['executions'], { env: { MYELIN_URL: url } });
  await cli(['executions'], { env: { MYELIN_URL: url, MYELIN_API_KEY: 'key-2' } });
  const home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'credentials.json'), JSON.stringify({ apiKey: 'key-3', url }));
  await cli(['executions'], { env: { MYELIN_HOME: 'home' } });
  expect(seen).toEqual(['Bearer key-1', undefined, 'Bearer key-2', 'Bearer key-3']);
  writeFileSync(join(folder, '.myelin', 'credentials.json'), '{}');
  expect((await cli(['executions'])).err).toContain('credentials.json does not hold { "url", "apiKey" }');
  expect((await cli(['executions'], { env: { MYELIN_URL: 'nonsense' } })).err).toContain('MYELIN_URL is "nonsense"');
});

test('start runs the server until it is asked to end, and says where it is', async () => {
  const asked = new AbortController();
  let stops = 0;
  const running = cli(['start'], {
    env: { PORT: '0', MYELIN_HOME: '.myelin' },
    start: async ({ home }) => {
      expect(home).toBe(join(folder, '.myelin'));
      setImmediate(() => asked.abort());
      return { url, ownerKey: undefined, asked: asked.signal, stop: async () => void stops++ };
    },
  });
  const { exit, out } = await running;
  expect({ exit, stops }).toEqual({ exit: 0, stops: 1 });
  expect(out).toContain(`listens on ${url}\n`);
  expect(out).toContain(`${url}/docs`);
  expect(out).toContain(join(folder, '.myelin', 'credentials.json'));
  expect(out).not.toContain('key-1');
});

test('the key that a start has made is shown; a demonstration that fails ends nothing', async () => {
  const asked = new AbortController();
  routes['POST /api/workflows'] = () => problem(503, 'store_unavailable', 'PostgreSQL does not answer.');
  const start = async () => ({ url, ownerKey: 'myl_new', asked: asked.signal, stop: async () => undefined });
  let err = '';
  const stderr = {
    write: (text: string) => {
      err += text;
      if (text.includes('runs on')) asked.abort();
    },
  };
  const { exit, out } = await cli(['start'], { start, stderr });
  expect(exit).toBe(0);
  expect(out).toContain('myl_new (shown this once)');
  expect(calls).toEqual(['POST /api/workflows?activate=true']);
  expect(err).toContain('The demonstration ended early: PostgreSQL does not answer.');
});

test.each([
  [{ MYELIN_DEMO: 'off' }, ['start']],
  [{ MYELIN_ROLES: 'api,webhook' }, ['start']],
  [{}, ['start', '--json']],
])('there is no demonstration with %j and %j', async (env, args) => {
  const start = async () => {
    const asked = new AbortController();
    setImmediate(() => asked.abort());
    return { url, ownerKey: 'myl_new', asked: asked.signal, stop: async () => undefined };
  };
  expect((await cli(args, { env, start })).exit).toBe(0);
  expect(calls).toEqual([]);
});

const listenError = (code: string, syscall = 'listen') =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

test.each([
  [new MyelinError('home_in_use', 'Another Myelin (process 7) runs on /x'), /process 7.*\nEach server needs.*PORT=/],
  [new MyelinError('schema_newer', 'The database is at 9, this program at 3'), /at 9.*\nStart the newer version/],
  [new MyelinError('postgres_failed', 'It did not start: read /x/postgres.log'), /postgres\.log\nRead the log/],
  [listenError('EADDRINUSE'), /Another program listens on port 4400 of 127\.0\.0\.1\.\n.*PORT=4401 npm start/],
  [listenError('EACCES'), /127\.0\.0\.1:4400 \(EACCES\)\.\nSet PORT/],
  [listenError('ENOTFOUND', 'getaddrinfo'), /HOST=127\.0\.0\.1 is no name of this machine\.\nSet it/],
  [new Error('Something else.'), /Something else\.\nLook for the cause with: npx myelin doctor/],
])('a start that fails with %s says what to do in two lines', async (thrown, said) => {
  const { exit, out, err } = await cli(['start'], { start: () => Promise.reject(thrown) });
  expect({ exit, out }).toEqual({ exit: 1, out: '' });
  expect(err).toMatch(said);
  expect(err.trimEnd().split('\n')).toHaveLength(2);
});

test('a setting that is not valid keeps the server from starting, and is named', async () => {
  const { exit, err } = await cli(['start'], { env: { PORT: 'x' } });
  expect(exit).toBe(1);
  expect(err).toMatch(/PORT: "x".*\ndocs\/configuration\.md/);
});

test('a command line that is wrong exits 2, help and version 0', async () => {
  expect(await cli(['deploi', 'x'])).toMatchObject({ exit: 2, out: '' });
  expect((await cli(['deploi', 'x'])).err).toContain('Did you mean deploy?');
  expect(await cli(['watch'])).toMatchObject({ exit: 2, out: '' });
  expect(await cli([])).toMatchObject({ exit: 2, out: '' });
  expect(await cli(['--help'])).toMatchObject({ exit: 0, err: '' });
  expect((await cli(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  for (const name of ['deploy', 'watch', 'doctor']) expect((await cli([name, '--help'])).out).toContain('--json');
});

const APPROVAL = {
  ...{ id: 'a-1', status: 'open', title: 'Refund?', assignees: ['finance'], due: at, workflowId: 'w', path: 'ask' },
  ...{ workflowName: 'refunds', executionId: 'e', createdAt: at, closedAt: null, decision: null },
};
const WHOLE = {
  ...APPROVAL,
  ...{ description: 'Of order 7', data: { amount: 7 }, form: null, reminders: 0, links: null },
  delegations: [{ by: 'ada', to: ['bo'], at }],
};

test('approvals lists what people are asked, and shows one whole', async () => {
  routes['GET /api/approvals'] = () => ({ status: 200, body: { items: [APPROVAL], nextCursor: null } });
  routes['GET /api/approvals/a-1'] = () => ({ status: 200, body: WHOLE });
  const list = await cli(['approvals', '--assignee', 'finance']);
  expect(list).toMatchObject({ exit: 0, err: '' });
  expect(list.out).toMatch(/a-1 +refunds +open +2026-07-01 12:00:00 +finance +Refund\?/);
  expect(calls).toEqual(['GET /api/approvals?status=open&assignee=finance&limit=100']);
  const one = await cli(['approvals', 'a-1']);
  expect(one.out).toContain('passed on by ada to bo');
  expect(one.out).toContain('"amount": 7');
  expect((await cli(['approvals', '--status', 'late'])).exit).toBe(2);
  routes['GET /api/approvals'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  expect((await cli(['approvals'])).err).toContain('Nobody is asked anything.');
});

test('approve and delegate send who decides and what', async () => {
  const sent: unknown[] = [];
  const decision = { decision: 'rejected', by: 'ada', at };
  routes['POST /api/approvals/a-1/decide'] = ({ body }) => {
    sent.push(body);
    return { status: 200, body: { ...WHOLE, status: 'decided', closedAt: at, decision } };
  };
  routes['POST /api/approvals/a-1/delegate'] = ({ body }) => {
    sent.push(body);
    return { status: 202, body: WHOLE };
  };
  const args = ['approve', 'a-1', '--reject', '--comment', 'no', '--data', '{"amount":5}', '--by', 'ada', '--as', 'x'];
  expect(await cli(args)).toMatchObject({ exit: 0, out: 'Refund?: rejected\n' });
  expect(await cli(['approve', 'a-1'], { env: { USER: 'cy' } })).toMatchObject({ exit: 0 });
  expect((await cli(['delegate', 'a-1', '--to', 'bo', 'cy', '--by', 'ada'])).out).toBe('Refund?: asked of bo, cy\n');
  expect(sent).toEqual([
    { decision: 'rejected', by: 'ada', as: 'x', comment: 'no', data: { amount: 5 } },
    { decision: 'approved', by: 'cy' },
    { to: ['bo', 'cy'], by: 'ada' },
  ]);
  expect(await cli(['approve', 'a-1', '--data', '{'])).toMatchObject({ exit: 2 });
  routes['POST /api/approvals/a-1/decide'] = () => problem(409, 'already_decided', 'It was approved by bo.');
  expect(await cli(['approve', 'a-1', '--by', 'ada'])).toMatchObject({ exit: 4 });
});

const LETTER = {
  ...{ id: 'l-1', source: 'execution', executionId: 'l-1', workflowId: 'w1', workflowName: 'demo', version: 1 },
  ...{ triggerId: 'hook', path: 'a', attempts: 3, category: 'connectivity', action: 'Wait.', automatic: true },
  ...{ error: FAILURE, fingerprint: 'code_failed a: x is not defined', status: 'NEW', retries: 1, retryAt: at },
  ...{ retriedAs: null, reviewedBy: null, reviewedAt: null, notes: null, createdAt: at, failedAt: at, updatedAt: at },
};
const WHOLE_LETTER = { ...LETTER, originalEvent: { n: 1 } };

test('dead-letters lists what failed, in groups too, and shows one whole', async () => {
  const group = { workflowId: 'w1', workflowName: 'demo', fingerprint: LETTER.fingerprint, count: 12, new: 7 };
  routes['GET /api/dead-letters'] = () => ({ status: 200, body: { items: [LETTER], nextCursor: null } });
  routes['GET /api/dead-letters/groups'] = () => ({
    status: 200,
    body: { items: [{ ...group, firstSeen: at, lastSeen: at, sample: LETTER }], nextCursor: null },
  });
  routes['GET /api/dead-letters/l-1'] = () => ({ status: 200, body: WHOLE_LETTER });
  const list = await cli(['dead-letters', '--category', 'connectivity', '--status', 'new']);
  expect(list.out).toMatch(/l-1 +demo +NEW +connectivity .*code_failed: x is not defined/);
  expect(calls).toEqual(['GET /api/dead-letters?status=NEW&category=connectivity&limit=20']);
  expect((await cli(['dead-letters', '-g'])).out).toMatch(
    /12 +7 +demo +connectivity .*code_failed a: x is not defined/,
  );
  const one = await cli(['dead-letters', 'l-1']);
  expect(one.out).toContain('Failed at a, 3 attempts: code_failed');
  expect(one.out).toContain('original event: {"n":1}');
  expect(one.out).toContain('myelin requeue l-1');
  expect((await cli(['dead-letters', '--category', 'luck'])).exit).toBe(2);
});

test('requeue takes one, with a payload or without, or all that fit', async () => {
  const sent: unknown[] = [];
  routes['POST /api/dead-letters/l-1/requeue'] = ({ body }) => {
    sent.push(body);
    const isAnew = Object.keys(body as object).length > 0;
    return { status: 202, body: { ...WHOLE_LETTER, status: 'RETRIED', retriedAs: isAnew ? 'e-2' : null } };
  };
  routes['POST /api/dead-letters/requeue'] = ({ body }) => {
    sent.push(body);
    const isLast = 'cursor' in (body as object);
    return { status: 200, body: { requeued: 5, refused: isLast ? 1 : 0, nextCursor: isLast ? null : 'c-1' } };
  };
  expect((await cli(['requeue', 'l-1'])).out).toBe('l-1 goes on\n');
  routes['POST /api/dead-letters/l-2/requeue'] = () => ({
    status: 202,
    body: { ...WHOLE_LETTER, workflowId: null, retriedAs: null },
  });
  expect((await cli(['requeue', 'l-2'])).out).toBe('l-2 is delivered again\n');
  expect((await cli(['requeue', 'l-1', '--payload', '{"n":2}'])).out).toBe('l-1 starts anew as e-2\n');
  expect((await cli(['requeue', '--workflow', 'demo'])).out).toBe('10 requeued, 1 refused\n');
  const filter = { workflow: 'demo' };
  expect(sent).toEqual([{}, { payload: { n: 2 } }, { filter }, { filter, cursor: 'c-1' }]);
  for (const wrong of [[], ['l-1', '--all'], ['--all', '--payload', '1']]) {
    expect((await cli(['requeue', ...wrong])).exit).toBe(2);
  }
});

test('archive puts one away, or all that fit, with a note', async () => {
  const sent: unknown[] = [];
  routes['POST /api/dead-letters/l-1/archive'] = ({ body }) => {
    sent.push(body);
    return { status: 200, body: { ...WHOLE_LETTER, status: 'ARCHIVED' } };
  };
  routes['POST /api/dead-letters/archive'] = ({ body }) => {
    sent.push(body);
    return { status: 200, body: { archived: 3, nextCursor: null } };
  };
  expect((await cli(['archive', 'l-1', '--note', 'old'])).out).toBe('l-1 is archived\n');
  expect((await cli(['archive', '--all', '--by', 'ann'])).out).toBe('3 archived\n');
  expect(sent).toEqual([{ note: 'old' }, { filter: {}, by: 'ann' }]);
  expect((await cli(['archive'])).exit).toBe(2);
});
