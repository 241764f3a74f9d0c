/** Bad input gets a clear answer and loses nothing: against the whole program, over HTTP, as callers meet it. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../src/contract/routes.ts';
import { type Hostile, openHostile } from '../program/hostile.ts';
import { deploy, execute, executionsOf, hooked, outcomeOf, reaches, single, toldOf } from '../program/scene.ts';
import { Program } from '../program/server.ts';

const CANARY = 'canary-7f3a91c4e2';
const SIGNING = 'a-shared-secret-of-some-length';

let program: Program;
let hostile: Hostile;

beforeAll(async () => {
  [program, hostile] = [await Program.create(), await openHostile()];
  await program.start({ MYELIN_SECRET_CANARY: CANARY, MYELIN_SECRET_SIGNING: SIGNING });
});

afterAll(async () => {
  await program?.dispose();
  await hostile?.close();
});

const YAML = { 'content-type': 'application/yaml' };
const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
  program.call('POST', path, body, headers);
const http = (config: object, more: object = {}) => ({
  type: 'http',
  config,
  retry: { attempts: 1 },
  ...more,
});
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('bodies', () => {
  beforeAll(async () => {
    await deploy(program, hooked('bodies'));
    await deploy(program, hooked('small', { maxBody: '1KiB' }));
  });

  const doors = ['/api/workflows', '/api/workflows/bodies/execute', '/webhooks/bodies'];

  test.each(doors)('malformed JSON at %s: 400 with the position', async (path) => {
    const { status, body } = await post(path, '{"name": oops}');
    expect([status, body.code]).toEqual([400, 'invalid_json']);
    expect(body.detail).toContain('position 9');
  });

  test.each(doors)('101 levels and names of prototypes at %s: 400', async (path) => {
    expect(await post(path, `{"input":${nested(101)}}`)).toMatchObject({ status: 400, body: { code: 'too_deep' } });
    for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__']) {
      const { status, body } = await post(path, `{"input":{"${key}":{"polluted":1}}}`);
      expect([key, status, body.code]).toEqual([key, 400, 'unsafe_key']);
    }
  });

  test('malformed YAML, and YAML with too much in it: 400', async () => {
    const bad = await post('/api/workflows', 'name: x\nnodes: [\n  - a: }', YAML);
    expect([bad.status, bad.body.code]).toEqual([400, 'invalid_yaml']);
    expect(bad.body.detail).toMatch(/line 3, column \d+/);
    const codeOf = async (text: string) => (await post('/api/workflows', text, YAML)).body.code;
    expect(await codeOf('name: x\nnodes:\n  - __proto__: { a: 1 }')).toBe('unsafe_key');
    expect(await codeOf(`name: ${nested(101)}`)).toBe('too_deep');
    expect(await codeOf('a: &a [1]\nb: *a')).toBe('invalid_yaml');
  });

  test('more than the limit of the server or of the webhook: 413', async () => {
    const big = JSON.stringify({ input: 'x'.repeat(11 * 1024 * 1024) });
    for (const path of ['/api/workflows', '/api/workflows/bodies/execute', '/webhooks/bodies']) {
      expect(await post(path, big)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    }
    // Without a length that says it beforehand.
    const parts = Readable.from(Array.from({ length: 11 }, () => Buffer.alloc(1024 * 1024, 0x20)));
    const streamed = await fetch(`${program.url}/webhooks/bodies`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Readable.toWeb(parts) as ReadableStream,
      duplex: 'half',
    });
    expect(streamed.status).toBe(413);
    expect(await post('/webhooks/small', { text: 'x'.repeat(1024) })).toMatchObject({ status: 413 });
    expect(await post('/webhooks/small', { text: 'x'.repeat(900) })).toMatchObject({ status: 202 });
  });

  test('what was refused left no execution', async () => {
    expect(await executionsOf(program, 'bodies')).toEqual([]);
    expect(await executionsOf(program, 'small')).toHaveLength(1);
  });
});

describe('addresses and definitions', () => {
  test('an unknown workflow, execution or webhook: 404', async () => {
    const codeOf = async (method: string, path: string, body?: object) => {
      const answer = await program.call(method, path, body);
      return [answer.status, answer.body.code];
    };
    expect(await codeOf('GET', '/api/workflows/nobody')).toEqual([404, 'workflow_not_found']);
    expect(await codeOf('POST', '/api/workflows/nobody/execute', {})).toEqual([404, 'workflow_not_found']);
    expect(await codeOf('GET', '/api/executions/nobody')).toEqual([404, 'execution_not_found']);
    expect(await codeOf('POST', '/webhooks/nobody', {})).toEqual([404, 'webhook_not_found']);
    expect(await codeOf('GET', '/api/nothing')).toEqual([404, 'not_found']);
  });

  test('a method that is not taken: 405 with Allow', async () => {
    await deploy(program, hooked('methods'));
    const webhook = await program.call('PUT', '/webhooks/methods', {});
    expect([webhook.status, webhook.headers.get('allow')]).toEqual([405, 'POST']);
    const api = await program.call('PATCH', '/api/workflows', {});
    expect([api.status, api.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  test('all faults of a definition at once, each with its place: 422', async () => {
    const answer = await post('/api/workflows', {
      name: 'faulty',
      triggers: [{ id: 'hook', type: 'webhok', path: 'faulty' }],
      nodes: [
        { id: 'a', type: 'transfrom' },
        { id: 'b', type: 'if', config: { condition: '{{ $jsn.x }}' } },
        { id: 'c', type: 'transform', config: {} },
        { id: 'd', type: 'transform', config: {} },
        { id: 'd', type: 'transform', config: {} },
        { id: 'alone', type: 'transform', config: {} },
      ],
      edges: ['a -> b', 'b:maybe -> c', 'c -> d', 'd -> c', 'c -> e'],
    });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_definition']);
    const faults = answer.body.errors.map(
      (fault: { path: string; message: string }) => `${fault.path}: ${fault.message}`,
    );
    for (const fault of [
      /^triggers\[0\]\.type: unknown trigger type webhok \(did you mean webhook\?\)/,
      /^nodes\[0\]\.type: unknown node type transfrom \(did you mean transform\?\)/,
      /^nodes\[1\]\.config\.condition: .*\$jsn \(did you mean \$json\?\)/,
      /^nodes\[4\]\.id: duplicate id d/,
      /^nodes\[5\]: unreachable/,
      /^edges\[1\]: .*no port maybe.*true, false/,
      /^edges\[4\]: unknown node e/,
      /^nodes\[\d\]: cycle: (c -> d -> c|d -> c -> d)/,
    ]) {
      expect(faults).toContainEqual(expect.stringMatching(fault));
    }
    expect(await program.call('GET', '/api/workflows/faulty')).toMatchObject({ status: 404 });
  });

  test('a webhook path that another workflow holds: 409 on activation', async () => {
    await deploy(program, hooked('holder'));
    const late = hooked('late', { path: 'holder' });
    expect(await post('/api/workflows', late)).toMatchObject({ status: 201, body: { status: 'draft' } });
    const refused = await post('/api/workflows/late/activate');
    expect(refused).toMatchObject({ status: 409, body: { code: 'webhook_path_taken' } });
    expect(await program.call('GET', '/api/workflows/late')).toMatchObject({ body: { status: 'draft' } });
  });
});

describe('who may call', () => {
  test('no key, or a wrong one: 401 on every route of the API but the door itself', async () => {
    const api = Object.values(ROUTES).filter((route) => route.path.startsWith('/api/'));
    const routes = api.filter((route) => route.permission !== 'public');
    const open = api.filter((route) => route.permission === 'public');
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/sign-in']);
    expect(routes.length).toBeGreaterThan(20);
    for (const { method, path } of routes) {
      for (const headers of [{}, { authorization: 'Bearer nonsense' }, { 'x-api-key': 'nonsense' }]) {
        // Not even the body is looked at: what follows is no JSON.
        const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{' };
        const type = { 'content-type': 'application/json' };
        const answer = await fetch(program.url + path.replace(':id', 'x'), {
          method,
          headers: { ...headers, ...('body' in body && type) },
          ...body,
        });
        const problem = (await answer.json()) as { code: string };
        expect([method, path, answer.status, problem.code]).toEqual([method, path, 401, 'unauthorized']);
      }
    }
  });

  test('a signature that is missing, wrong, stale or replayed: 401 and nothing stored; the right one: 202', async () => {
    const verify = { scheme: 'slack', secret: '{{ $secrets.SIGNING }}' };
    await deploy(program, hooked('signed', { verify }));
    const now = Math.floor(Date.now() / 1000);
    const text = '{"n":1}';
    const sign = (time: number, body = text, secret = SIGNING) => ({
      'x-slack-request-timestamp': String(time),
      'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex')}`,
    });
    const captured = sign(now - 400);
    const refused: Record<string, Record<string, string>> = {
      missing: {},
      'with another secret': sign(now, text, 'another-secret'),
      'of another body': sign(now, '{"n":2}'),
      stale: captured,
      'from the future': sign(now + 400),
      'replayed under a new time': { ...captured, 'x-slack-request-timestamp': String(now) },
    };
    for (const [what, headers] of Object.entries(refused)) {
      const { status, body } = await post('/webhooks/signed', text, headers);
      expect([what, status, body.code]).toEqual([what, 401, 'signature_invalid']);
    }
    expect(await executionsOf(program, 'signed')).toEqual([]);
    const { status, body } = await post('/webhooks/signed', text, sign(now));
    expect(status).toBe(202);
    const { trigger } = await reaches(program, body.executionId, 'completed');
    expect(trigger.body).toEqual({ n: 1 });
    expect(JSON.stringify(trigger)).not.toContain(sign(now)['x-slack-signature']);
  });
});

describe('what fails while it runs', () => {
  test('an expression: the execution failed, with node, field and expression', async () => {
    const value = '{{ JSON.parse($json.text).n }}';
    const failed = await outcomeOf(program, single('parse', { type: 'transform', config: { set: { n: value } } }), {
      text: 'not json',
    });
    expect([failed.status, failed.error.code]).toEqual(['failed', 'expression_failed']);
    for (const part of ['only', 'set.n', 'JSON.parse($json.text).n']) expect(failed.error.message).toContain(part);
  });

  test.each([
    ['/hang', { timeout: '500ms' }, 'timeout'],
    ['/reset', {}, 'connection_failed'],
    ['/huge', {}, 'http_too_large'],
  ])('an HTTP target at %s', async (path, more, code) => {
    const before = residentBytes();
    const failed = await outcomeOf(program, single(path.slice(1), http({ url: hostile.url + path }, more)));
    expect([failed.status, failed.error.code]).toEqual(['failed', code]);
    expect(residentBytes() - before).toBeLessThan(100 * 1024 * 1024);
  });

  test.each(['10.0.0.1', '169.254.169.254'])('the private address %s: refused', async (address) => {
    const name = `private-${address.replaceAll('.', '-')}`;
    const failed = await outcomeOf(program, single(name, http({ url: `http://${address}/latest/meta-data` })));
    expect([failed.status, failed.error.code]).toEqual(['failed', 'egress_denied']);
  });

  test('a loop over its limit', async () => {
    const body = { nodes: [{ id: 'step', type: 'transform', config: {} }] };
    const config = { while: '{{ true }}', max: 20, body };
    const failed = await outcomeOf(program, single('endless', { type: 'loop', config }));
    expect([failed.status, failed.error.code]).toEqual(['failed', 'limit_exceeded']);
    expect(failed.error.message).toContain('20');
  });

  test('a secret that a target echoes is told to nobody', async () => {
    const request = http({
      method: 'POST',
      url: `${hostile.url}/echo`,
      headers: { 'x-token': '{{ $secrets.CANARY }}' },
    });
    const done = await outcomeOf(program, single('echo', request));
    expect(done.status).toBe('completed');
    expect(done.output.body.headers['x-token']).toBe('[secret CANARY]');
    expect(await toldOf(program, done.id)).not.toContain(CANARY);
    expect(program.output).not.toContain(CANARY);
  });
});

describe('executions', () => {
  test('canceled while it waits; a second time: 409', async () => {
    await deploy(program, single('nap', { type: 'delay', config: { for: '30d' } }));
    const id = await execute(program, 'nap');
    await reaches(program, id, 'waiting');
    const active = await program.call('DELETE', `/api/executions/${id}`);
    expect(active).toMatchObject({ status: 409, body: { code: 'execution_active' } });
    expect(await post(`/api/executions/${id}/cancel`)).toMatchObject({ status: 202, body: { status: 'canceled' } });
    const again = await post(`/api/executions/${id}/cancel`);
    expect(again).toMatchObject({ status: 409, body: { code: 'illegal_transition' } });
    expect(await program.call('DELETE', `/api/executions/${id}`)).toMatchObject({ status: 204 });
    expect(await program.call('GET', `/api/executions/${id}`)).toMatchObject({ status: 404 });
  });

  test('retry of one that completed: 409', async () => {
    const { id } = await outcomeOf(program, single('fine', { type: 'transform', config: {} }));
    const refused = await post(`/api/executions/${id}/retry`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'illegal_transition' } });
  });

  test.each(['accepted', 'result'])('200 equal webhooks at once with one key, %s: one execution', async (respond) => {
    const name = `same-${respond}`;
    await deploy(program, hooked(name, { respond }));
    const headers = { 'idempotency-key': 'once' };
    const answers = await Promise.all(Array.from({ length: 200 }, () => post(`/webhooks/${name}`, { n: 1 }, headers)));
    const seen = new Set(answers.map(({ status, body }) => JSON.stringify([status, body])));
    expect([...seen]).toHaveLength(1);
    expect(answers[0]?.status).toBe(respond === 'result' ? 200 : 202);
    expect(await executionsOf(program, name)).toHaveLength(1);
  });

  test('result: what the respond node says, the output, or a failure without its insides', async () => {
    const said = {
      id: 'say',
      type: 'respond',
      config: { status: 418, headers: { 'x-kind': 'teapot' }, body: { n: 1 } },
    };
    await deploy(program, hooked('said', { respond: 'result' }, [said]));
    const answer = await post('/webhooks/said', {});
    expect([answer.status, answer.headers.get('x-kind'), answer.body]).toEqual([418, 'teapot', { n: 1 }]);

    const sum = { id: 'sum', type: 'transform', config: { value: '{{ $trigger.body.a + 1 }}' } };
    await deploy(program, hooked('sum', { respond: 'result' }, [sum]));
    expect(await post('/webhooks/sum', { a: 2 })).toMatchObject({ status: 200, body: 3 });

    const fail = { id: 'no', type: 'fail', config: { message: 'inner words', code: 'no_customer' } };
    await deploy(program, hooked('failing', { respond: 'result' }, [fail]));
    const failed = await post('/webhooks/failing', {});
    expect(failed).toMatchObject({ status: 500, body: { code: 'no_customer' } });
    expect(JSON.stringify(failed.body)).not.toContain('inner words');
    expect(await reaches(program, failed.body.executionId)).toMatchObject({ status: 'failed' });
  });

  test('5,000 started in one request all complete', async () => {
    await deploy(program, single('bulk', { type: 'transform', config: { set: { twice: '{{ $json.n * 2 }}' } } }));
    const inputs = Array.from({ length: 5_000 }, (_, n) => ({ n }));
    const { status, body } = await post('/api/workflows/bulk/execute', { inputs });
    expect([status, new Set(body.executionIds).size]).toEqual([202, 5_000]);
    expect(await reaches(program, body.executionIds.at(-1), 'completed')).toMatchObject({ output: { twice: 9_998 } });
    await allEnded('bulk');
    expect(await countOf('bulk', 'completed')).toBe(5_000);
  });

  test('a definition of 10,000 nodes is deployed and runs', async () => {
    const nodes = Array.from({ length: 10_000 }, (_, n) => ({
      id: `n${n}`,
      type: 'transform',
      config: { value: '{{ $json + 1 }}' },
    }));
    const edges = nodes.slice(1).map(({ id }, n) => `n${n} -> ${id}`);
    const done = await outcomeOf(program, { name: 'huge-graph', nodes, edges }, 0);
    expect([done.status, done.output]).toEqual(['completed', 10_000]);
    const one = { id: 'more', type: 'transform', config: {} };
    const refused = await post('/api/workflows', { name: 'too-huge', nodes: [...nodes, one], edges });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_definition' } });
  });
});

// Last, since it starts the server anew.
test('a missing secret: the node fails by its name, and retry completes it once the secret is set', async () => {
  const config = {
    method: 'POST',
    url: `${hostile.url}/echo`,
    auth: { type: 'bearer', token: '{{ $secrets.LATER }}' },
  };
  const failed = await outcomeOf(program, single('needy', http(config)));
  expect([failed.status, failed.error.code]).toEqual(['failed', 'secret_missing']);
  expect(failed.error.message).toContain('LATER');
  expect(await program.kill('SIGTERM')).toBe(0);
  await program.start({ MYELIN_SECRET_LATER: CANARY });
  expect(await post(`/api/executions/${failed.id}/retry`)).toMatchObject({ status: 202 });
  const done = await reaches(program, failed.id, 'completed');
  expect(done.output.status).toBe(200);
  expect(await toldOf(program, failed.id)).not.toContain(CANARY);
});

/** Memory of the server process. */
function residentBytes(): number {
  const status = readFileSync(`/proc/${program.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

async function allEnded(workflow: string): Promise<void> {
  for (const status of ['pending', 'running', 'waiting']) {
    const { body } = await program.call('GET', `/api/executions?workflow=${workflow}&status=${status}&limit=1`);
    for (const { id } of body.items) {
      await reaches(program, id);
      return await allEnded(workflow);
    }
  }
}

async function countOf(workflow: string, status: string): Promise<number> {
  let count = 0;
  for (let cursor = ''; ; ) {
    const path = `/api/executions?workflow=${workflow}&status=${status}&limit=200${cursor}`;
    const { body } = await program.call('GET', path);
    count += body.items.length;
    if (!body.nextCursor) return count;
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
  }
}
