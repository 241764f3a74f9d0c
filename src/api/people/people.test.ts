/** Approvals, the links that decide them, and callbacks, through the whole API over the memory store. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OperationId } from '../../contract/routes.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { callApi, execution, newKey, type Sent, serverParts } from '../../testing/api.ts';
import { newId, newName } from '../../testing/factories.ts';
import { createApi } from '../api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;
const call = (id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);
const at = (id: string, body?: unknown) => ({ params: { id }, ...(body !== undefined && { body }) });

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
  await parts.engine.start();
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(0);
});

/** Saves a workflow of these nodes, starts it, and resolves when it waits. */
async function waiting(nodes: object[], input: unknown = {}, edges: string[] = []) {
  const name = newName();
  const saved = await call('createWorkflow', { body: { name, nodes, edges } });
  expect(saved.status, saved.text).toBe(201);
  const { body } = await call('executeWorkflow', { params: { id: name }, body: { input } });
  await execution(parts, body.executionId, (row) => row.status === 'waiting');
  return { name, executionId: body.executionId as string };
}

async function asked(config: object = {}, input: unknown = { amount: 7 }) {
  const ask = { id: 'ask', type: 'approval', config: { title: 'Refund {{ $json.amount }}?', ...config } };
  const one = await waiting([ask], input);
  const { items } = (await call('listApprovals', { query: { workflow: one.name } })).body;
  expect(items).toHaveLength(1);
  return { ...one, id: items[0].id as string };
}

const output = async (executionId: string) => {
  await execution(parts, executionId);
  return (await call('getExecution', at(executionId))).body;
};

describe('the inbox', () => {
  test('shows what is asked, of whom and until when', async () => {
    const assignees = ['ada', newName()];
    const { id, executionId, name } = await asked({ assignees, timeout: '1d', description: 'A refund' });
    const { body } = await call('getApproval', at(id));
    expect(body).toMatchObject({
      ...{ id, executionId, workflowName: name, path: 'ask', status: 'open', title: 'Refund 7?', assignees },
      ...{ description: 'A refund', data: { amount: 7 }, form: null, decision: null, reminders: 0, delegations: [] },
      links: { approve: expect.stringContaining(`/approvals/${id}/approve?token=`) },
    });
    expect(Date.parse(body.due) - Date.parse(body.createdAt)).toBe(86_400_000);
    const shown = await call('getExecution', at(executionId));
    expect(shown.body.waitingFor).toMatchObject([
      { path: 'ask', reason: 'approval', waitId: id, until: body.due, details: { title: 'Refund 7?' } },
    ]);
    const found = await call('listApprovals', { query: { assignee: assignees[1] as string, status: 'open' } });
    expect(found.body.items).toMatchObject([{ id, brief: '{"amount":7}' }]);
    const mine = await call('listApprovals', { query: { for: ['bo', assignees[1] as string], workflow: name } });
    expect(mine.body.items).toMatchObject([{ id }]);
    expect((await call('countApprovals', { query: { for: newName(), workflow: name } })).body).toEqual({ count: 0 });
    const long = await call('listApprovals', { query: { for: ['bo', 'x'.repeat(201)] } });
    expect(long.body.errors).toMatchObject([{ path: 'query.for[1]' }]);
    expect((await call('listApprovals', { query: { workflow: name, status: 'decided' } })).body.items).toEqual([]);
    for (const [status, count] of [
      ['open', 1],
      ['decided', 0],
    ] as const) {
      expect((await call('countApprovals', { query: { workflow: name, status } })).body).toEqual({ count });
    }
  });

  test('is read page by page', async () => {
    const { name } = await asked();
    for (let n = 0; n < 2; n++) await call('executeWorkflow', { params: { id: name }, body: { input: { amount: n } } });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { workflow: name, limit: '2', ...(cursor !== null && { cursor }) };
      const page = (await call('listApprovals', { query })).body;
      seen.push(...page.items.map((one: { id: string }) => one.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(3);
    expect((await call('listApprovals', { query: { cursor: 'x' } })).body.code).toBe('invalid_request');
  });

  test('is read by due time, page by page', async () => {
    const { name } = await asked();
    for (let n = 0; n < 2; n++) await call('executeWorkflow', { params: { id: name }, body: { input: { amount: n } } });
    const read = async (limit: string) => {
      const seen: { id: string; due: string }[] = [];
      let cursor: string | null = null;
      do {
        const query: Record<string, string> = {
          workflow: name,
          order: 'due',
          limit,
          ...(cursor !== null && { cursor }),
        };
        const page = (await call('listApprovals', { query })).body;
        seen.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return seen;
    };
    const pages = await read('1');
    expect(pages.map(({ due }) => due)).toEqual(pages.map(({ due }) => due).toSorted());
    expect(pages).toHaveLength(3);
    expect(await read('50')).toEqual(pages);
    for (const cursor of ['x', pages[0]?.id as string, `soon.${pages[0]?.id}`, 'never.x'])
      expect((await call('listApprovals', { query: { order: 'due', cursor } })).body.code).toBe('invalid_request');
    const foreign = await call('listApprovals', { query: { cursor: `never.${pages[0]?.id}` } });
    expect(foreign.body.code).toBe('invalid_request');
  });

  test('says 404 for what is none, and for another project', async () => {
    const { id } = await asked();
    expect((await call('getApproval', at('x'))).body.code).toBe('approval_not_found');
    expect((await call('getApproval', at(newId()))).body.code).toBe('approval_not_found');
    const stranger = await newKey(parts.store, newId());
    expect((await callApi(app, stranger, 'getApproval', at(id))).status).toBe(404);
    const decision = { decision: 'approved', by: 'eve' };
    expect((await callApi(app, stranger, 'decideApproval', at(id, decision))).status).toBe(404);
    expect((await callApi(app, null, 'getApproval', at(id))).status).toBe(401);
  });
});

describe('a decision', () => {
  test('leads the execution on, with who, when and why', async () => {
    const { id, executionId } = await asked();
    const given = { decision: 'approved', by: 'ada', comment: 'fine' };
    const { status, body } = await call('decideApproval', at(id, given));
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'decided', decision: { ...given, at: expect.any(String) }, links: null });
    expect((await output(executionId)).output).toMatchObject({ amount: 7, decision: given });
  });

  test('is made once: late ones hear the first', async () => {
    const { id } = await asked();
    await call('decideApproval', at(id, { decision: 'rejected', by: 'ada' }));
    const late = await call('decideApproval', at(id, { decision: 'approved', by: 'bo' }));
    expect(late).toMatchObject({ status: 409, body: { code: 'already_decided' } });
    expect(late.body.decision).toMatchObject({ decision: 'rejected', by: 'ada', at: expect.any(String) });
    expect((await call('delegateApproval', at(id, { to: ['bo'], by: 'ada' }))).body.code).toBe('already_decided');
  });

  test('of a hundred at once is made by one', async () => {
    const { id, executionId } = await asked();
    const many = Array.from({ length: 100 }, (_, n) =>
      call('decideApproval', at(id, { decision: n % 2 === 0 ? 'approved' : 'rejected', by: `p${n}` })),
    );
    const answers = await Promise.all(many);
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    const { by } = won[0]?.body.decision ?? {};
    for (const { status, body } of answers) if (status !== 200) expect(body.decision.by).toBe(by);
    expect((await output(executionId)).output.decision.by).toBe(by);
  });

  test('comes from one of those who are asked, in their name, or from the owner', async () => {
    const { id, executionId } = await asked({ assignees: ['finance', 'bo'] });
    const refused = await call('decideApproval', at(id, { decision: 'approved', by: 'ada' }));
    expect(refused).toMatchObject({ status: 403, body: { code: 'not_asked' } });
    expect(refused.body.detail).toContain('finance, bo');
    expect((await call('decideApproval', at(id, { decision: 'approved', by: 'ada', as: 'ops' }))).status).toBe(403);
    expect((await call('decideApproval', at(id, { decision: 'approved', by: 'ada', as: 'finance' }))).status).toBe(200);
    expect((await output(executionId)).output.decision).toMatchObject({ by: 'ada', as: 'finance' });
    const other = await asked({ assignees: ['bo'] });
    expect((await call('decideApproval', at(other.id, { decision: 'approved', by: 'ada', as: 'owner' }))).status).toBe(
      200,
    );
  });

  test('carries what was edited, if it fits the form', async () => {
    const form = { type: 'object', required: ['amount'], properties: { amount: { type: 'number', maximum: 100 } } };
    const { id, executionId } = await asked({ form });
    const bad = await call('decideApproval', at(id, { decision: 'approved', by: 'ada', data: { amount: 1000 } }));
    expect(bad).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path: 'data.amount' }] } });
    await call('decideApproval', at(id, { decision: 'approved', by: 'ada', data: { amount: 5 } }));
    expect((await output(executionId)).output).toMatchObject({ decision: { data: { amount: 5 } } });
    const unfit = await asked({ form }, { amount: 'many' });
    expect((await call('decideApproval', at(unfit.id, { decision: 'approved', by: 'ada' }))).status).toBe(400);
    expect((await call('decideApproval', at(unfit.id, { decision: 'rejected', by: 'ada' }))).status).toBe(200);
  });

  test('may be passed on first', async () => {
    const { id } = await asked({ assignees: ['ada'] });
    const { status, body } = await call('delegateApproval', at(id, { to: ['bo', 'cy'], by: 'ada' }));
    expect(status).toBe(202);
    expect(body).toMatchObject({ assignees: ['bo', 'cy'], delegations: [{ by: 'ada', to: ['bo', 'cy'] }] });
    expect((await call('decideApproval', at(id, { decision: 'approved', by: 'ada' }))).status).toBe(403);
    expect((await call('decideApproval', at(id, { decision: 'approved', by: 'bo' }))).status).toBe(200);
  });

  test('is refused where the execution waits no more', async () => {
    const { id, executionId } = await asked();
    await call('cancelExecution', at(executionId, {}));
    const late = await call('decideApproval', at(id, { decision: 'approved', by: 'ada' }));
    expect(late).toMatchObject({ status: 409, body: { code: 'illegal_transition' } });
    expect((await call('getApproval', at(id))).body).toMatchObject({ status: 'canceled', decision: null, links: null });
    const broken = await asked();
    const error = { code: 'internal', kind: 'permanent', message: 'unreadable' } as const;
    await parts.store.executions.quarantine(broken.executionId, error);
    const never = await call('decideApproval', at(broken.id, { decision: 'approved', by: 'ada' }));
    expect(never).toMatchObject({ status: 409, body: { code: 'illegal_transition' } });
  });
});

describe('a link', () => {
  const path = (link: string) => link.replace(/^.*?(?=\/approvals\/)/, '');
  const open = (link: string) => app.inject({ method: 'GET', url: path(link) });
  const press = (link: string, fields: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: path(link),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    });
  const linksOf = async (id: string) => (await call('getApproval', at(id))).body.links;

  test('shows what is asked and decides nothing; its button decides once', async () => {
    const attack = '<script>alert(1)</script>"\'&';
    const { id, executionId } = await asked({ title: attack, description: attack }, { x: attack });
    const { approve, reject } = await linksOf(id);
    for (let n = 0; n < 3; n++) {
      const page = await open(approve);
      expect(page.statusCode).toBe(200);
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
      expect(page.headers['content-security-policy']).not.toContain('script');
      expect(page.payload).not.toContain('<script');
      expect(page.payload).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    }
    expect((await call('getApproval', at(id))).body.status).toBe('open');
    const done = await press(approve, { by: ' Ada ', comment: 'by mail' });
    expect(done.statusCode).toBe(200);
    const decision = { decision: 'approved', by: 'Ada', comment: 'by mail', via: 'link' };
    expect((await output(executionId)).output.decision).toMatchObject(decision);
    for (const link of [approve, reject]) {
      expect((await open(link)).statusCode).toBe(409);
      const again = await press(link);
      expect(again.statusCode).toBe(409);
      expect(again.payload).toContain('approved by Ada');
    }
  });

  test('says which workflow asks whom until when, wants a name, and how to edit what is shown', async () => {
    const form = { type: 'object', properties: { amount: { type: 'number' } } };
    const { id, name } = await asked({ assignees: ['ada', 'bo'], timeout: '1d', form });
    const { approve, reject } = await linksOf(id);
    const { due } = (await call('getApproval', at(id))).body;
    const until = due.slice(0, 16).replace('T', ' ');
    const page = (await open(approve)).payload;
    expect(page).toContain(`<p>Asked by the workflow ${name} of ada, bo, until ${until} UTC.</p>`);
    expect(page).toMatch(/<input name="by"[^>]* required>/);
    expect(page).toContain(`myelin approve ${id} --data`);
    expect((await open(reject)).payload).not.toContain('--data');
    const plain = await asked();
    const other = (await open((await linksOf(plain.id)).approve)).payload;
    expect(other).toContain(`<p>Asked by the workflow ${plain.name} of anybody.</p>`);
    expect(other).not.toContain('--data');
  });

  test('needs no name, and its word', async () => {
    const { id, executionId } = await asked({ assignees: ['bo'] });
    const { reject } = await linksOf(id);
    expect((await press(reject)).statusCode).toBe(200);
    expect((await output(executionId)).output.decision).toMatchObject({ decision: 'rejected', by: 'link' });
  });

  test('that is wrong looks the same whatever is wrong', async () => {
    const { id } = await asked();
    const { approve, reject } = await linksOf(id);
    const token = approve.split('token=')[1] as string;
    const wrong = [
      reject.replace(/token=.*/, `token=${token}`),
      approve.replace(id, newId()),
      approve.replace(/token=.*/, 'token='),
      approve.replace(/token=.*/, ''),
      approve.replace('approve?', 'destroy?'),
      approve.replace(token, `${token.slice(0, -2)}AA`),
      approve.replace(token, `${'A'.repeat(22)}${token.slice(22)}`),
      approve.replace(token, `${token}A`),
    ];
    const pages = await Promise.all(wrong.flatMap((link) => [open(link), press(link)]));
    for (const page of pages) {
      expect(page.statusCode).toBe(404);
      expect(page.payload).toBe(pages[0]?.payload);
    }
    expect((await call('getApproval', at(id))).body.status).toBe('open');
  });

  test('cannot fill in a form; it takes no other content', async () => {
    const form = { type: 'object', required: ['reason'] };
    const { id } = await asked({ form });
    const { approve } = await linksOf(id);
    const page = await press(approve);
    expect(page.statusCode).toBe(400);
    expect(page.payload).toContain('more than a button');
    const json = { method: 'POST' as const, url: path(approve), headers: { 'content-type': 'application/json' } };
    expect((await app.inject({ ...json, payload: '{}' })).statusCode).toBe(415);
    expect((await press(approve, { comment: 'x'.repeat(70_000) })).statusCode).toBe(413);
  });
});

describe('a callback', () => {
  const hook = (id = 'hook', config: object = {}) => ({ id, type: 'wait', config: { for: 'callback', ...config } });
  const urlOf = async (executionId: string) => (await parts.engine.links.callbackUrls(DEFAULT_PROJECT))(executionId);
  const send = (url: string, payload = '{"paid":true}', headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } });

  test('answers the node that waits, once', async () => {
    const { executionId } = await waiting([hook()], { order: 1 });
    const url = await urlOf(executionId);
    const { statusCode, payload } = await send(`${url}?n=1`, undefined, { authorization: 'secret', 'x-id': '9' });
    expect({ statusCode, body: JSON.parse(payload) }).toEqual({ statusCode: 202, body: { executionId } });
    const { output: result } = await output(executionId);
    expect(result).toMatchObject({
      order: 1,
      signal: { body: { paid: true }, query: { n: '1' }, method: 'POST', headers: { 'x-id': '9' } },
    });
    expect(result.signal.headers).not.toHaveProperty('authorization');
    expect((await send(url)).statusCode).toBe(409);
  });

  test('is at the address that is told to whoever may act on the execution', async () => {
    const { executionId } = await waiting([hook()], {});
    const { body } = await call('tellCallbackAddress', at(executionId));
    expect(body).toEqual({ url: await urlOf(executionId) });
    expect((await call('tellCallbackAddress', at(newId()))).status).toBe(404);
  });

  test('is at the address that the workflow knew', async () => {
    const { executionId } = await waiting(
      [{ id: 'tell', type: 'transform', config: { value: '{{ $execution.callbackUrl }}' } }, hook()],
      {},
      ['tell -> hook'],
    );
    const { nodes } = (await call('getExecution', at(executionId))).body;
    expect(nodes[0].output).toBe(await urlOf(executionId));
    expect((await send(nodes[0].output, 'hi', { 'content-type': 'text/plain' })).statusCode).toBe(202);
    expect((await output(executionId)).output.signal.body).toBe('hi');
  });

  test('may come before its node waits, and for a node by its id', async () => {
    const ask = { id: 'ask', type: 'approval', config: { title: 'Go on?' } };
    const { executionId, name } = await waiting([ask, hook('one'), hook('two')], {}, [
      'ask:approved -> one',
      'one -> two',
    ]);
    const url = await urlOf(executionId);
    expect((await send(`${url}/two`, '2')).statusCode).toBe(202);
    expect((await send(`${url}/one`, '1')).statusCode).toBe(202);
    const { items } = (await call('listApprovals', { query: { workflow: name } })).body;
    await call('decideApproval', at(items[0].id, { decision: 'approved', by: 'ada' }));
    const { nodes } = await output(executionId);
    const signals = nodes.slice(1).map((node: { output: { signal: { body: unknown } } }) => node.output.signal.body);
    expect(signals).toEqual([1, 2]);
  });

  test('for a node that waits for none is a 404 that names it, also deep inside', async () => {
    const loop = { id: 'each', type: 'loop', config: { times: 1, body: { nodes: [hook('inner')] } } };
    const ask = { id: 'ask', type: 'approval', config: { title: 'Go on?' } };
    const { executionId } = await waiting([ask, loop], {}, ['ask:approved -> each']);
    const url = await urlOf(executionId);
    for (const node of ['typo', 'ask']) {
      const refused = await send(`${url}/${node}`);
      expect(refused.statusCode).toBe(404);
      expect(JSON.parse(refused.payload).detail).toBe(`No node ${node} waits for callbacks.`);
    }
    expect((await send(`${url}/inner`)).statusCode).toBe(202);
  });

  test('of a hundred at once is taken once', async () => {
    const { executionId } = await waiting([hook()]);
    const url = await urlOf(executionId);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => send(url, `${n}`)));
    const taken = answers.filter(({ statusCode }) => statusCode === 202);
    expect(taken).toHaveLength(1);
    expect((await output(executionId)).output.signal.body).toBe(answers.indexOf(taken[0]!));
  });

  test('to an execution that has ended is told so', async () => {
    const { executionId } = await waiting([hook()]);
    await call('cancelExecution', at(executionId, {}));
    const late = await send(await urlOf(executionId));
    expect(late.statusCode).toBe(409);
    expect(JSON.parse(late.payload).code).toBe('illegal_transition');
  });

  test('with a wrong token, or of nothing, is a 404 that says nothing', async () => {
    const { executionId } = await waiting([hook()]);
    const url = await urlOf(executionId);
    const token = url.split('/').at(-1) as string;
    const other = await urlOf(newId());
    const foreign = (await parts.engine.links.callbackUrls(newId()))(executionId);
    const wrong = [
      `/callbacks/${executionId}/x`,
      `/callbacks/${executionId}/${'A'.repeat(token.length)}`,
      `/callbacks/${executionId}/${other.split('/').at(-1)}`,
      `/callbacks/${newId()}/${token}`,
      `/callbacks/x/${token}`,
      other,
      foreign,
    ];
    for (const place of wrong) {
      const { statusCode, payload } = await send(place);
      expect(statusCode).toBe(404);
      expect(JSON.parse(payload)).toMatchObject({ code: 'callback_not_found', instance: place });
    }
    expect((await send(url, '{ not json')).statusCode).toBe(400);
    expect((await send(url, `"${'x'.repeat(70_000)}"`)).statusCode).toBe(413);
    expect((await send(url)).statusCode).toBe(202);
  });
});

test('a wait for an event is answered by the first message that fits', async () => {
  const wait = { for: 'event', type: 'payment.*', match: '{{ $event.data.order == $json.order }}' };
  const { executionId } = await waiting([{ id: 'w', type: 'wait', config: wait }], { order: 7 });
  const message = (type: string, order: number) => ({
    projectId: DEFAULT_PROJECT,
    event: { specversion: '1.0' as const, id: newId(), source: '/test', type, data: { order } },
  });
  await parts.store.messages.add([
    message('payment.settled', 8),
    message('order.settled', 7),
    message('payment.settled', 7),
  ]);
  expect((await output(executionId)).output).toMatchObject({
    order: 7,
    signal: { type: 'payment.settled', data: { order: 7 } },
  });
});

test('what becomes of an approval is told by messages, which start workflows', async () => {
  const title = newName();
  const name = newName();
  const filter = `{{ $trigger.data.title == '${title}' }}`;
  const told = { id: 'told', type: 'event', event: 'approval.*', filter };
  const nodes = [{ id: 'mail', type: 'transform' }];
  const query = { activate: 'true' };
  expect((await call('createWorkflow', { body: { name, triggers: [told], nodes }, query })).status).toBe(201);
  const { id } = await asked({ title, assignees: ['ada'] });
  await call('delegateApproval', at(id, { to: ['bo'], by: 'ada' }));
  await call('decideApproval', at(id, { decision: 'approved', by: 'bo' }));
  const seen = new Map<string, Record<string, unknown>>();
  while (seen.size < 3) {
    const { items } = (await call('listExecutions', { query: { workflow: name } })).body;
    for (const item of items) {
      const { trigger } = (await call('getExecution', at(item.id))).body;
      seen.set(trigger.type, trigger.data);
    }
    await new Promise(setImmediate);
  }
  expect(seen.get('approval.requested')).toMatchObject({
    approval: id,
    title,
    assignees: ['ada'],
    links: { approve: expect.any(String) },
  });
  expect(seen.get('approval.delegated')).toMatchObject({ assignees: ['bo'] });
  expect(seen.get('approval.decided')).toMatchObject({ title, decision: { decision: 'approved', by: 'bo' } });
  expect(seen.get('approval.decided')).not.toHaveProperty('links');
});
