/** Executions as they are listed, changed, held and kept, and the hosts that they call. */
import { expect, test } from 'vitest';
import { at, execution, FAILURE, problem, summary, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, routes } = useCliStage();

test('executions are listed with filters, and one is shown whole', async () => {
  const asked: string[] = [];
  routes['GET /api/executions'] = ({ url: to }) => {
    asked.push(to.search);
    return {
      status: 200,
      body: { items: [summary('failed', FAILURE)], nextCursor: to.search.endsWith('limit=1') ? 'c' : null },
    };
  };
  const list = await cli(['executions', '--status', 'failed', '--workflow', 'demo', '--limit', '1']);
  expect(list.out).toContain('code_failed: x is not defined');
  expect(list.err).toBe('There are more than 1; see more with --limit.\n');
  await cli(['executions', '-s', 'failed, canceled', '--trigger', 'daily', '--code', 'node_timeout']);
  expect(asked).toEqual([
    '?status=failed&workflow=demo&limit=1',
    '?status=failed&status=canceled&trigger=daily&code=node_timeout&limit=20',
  ]);
  routes['GET /api/executions/e1'] = () => ({ status: 200, body: execution('failed', FAILURE) });
  const one = await cli(['executions', 'e1']);
  expect(one.out).toContain('Failed at a: code_failed\n  x is not defined\n');
  expect(await cli(['executions', '--status', 'done'])).toMatchObject({ exit: 2, out: '' });
  expect((await cli(['executions', '--limit', '0'])).err).toContain('It is a whole number from 1 to 200.');
});

const ID = '01a21f62-145b-7db7-bff1-df0311a71d0f';

test('cancel and retry', async () => {
  const reasons: unknown[] = [];
  for (const name of ['cancel', 'retry']) {
    routes[`POST /api/executions/e1/${name}`] = ({ body }) => {
      reasons.push(body);
      return { status: 202, body: summary('running') };
    };
  }
  expect((await cli(['cancel', 'e1', '--reason', 'wrong'])).out).toBe('e1 is being canceled\n');
  expect(JSON.parse((await cli(['retry', 'e1', '--json'])).out)).toMatchObject({ id: 'e1' });
  expect(reasons).toEqual([{ reason: 'wrong' }, {}]);
});

test.each([
  ['executions', ID, { id: ID }],
  ['workflows', 'orders', { name: 'orders' }],
])('what is deleted, of %s', async (kind, target, named) => {
  routes[`DELETE /api/${kind}/${target}`] = () => ({ status: 204 });
  expect((await cli(['delete', target])).out).toBe(`${target} is deleted\n`);
  expect(JSON.parse((await cli(['delete', target, '--json'])).out)).toEqual({ ...named, deleted: true });
  routes[`DELETE /api/${kind}/${target}`] = () => problem(409, 'execution_active', 'It has not ended.');
  expect(await cli(['delete', target])).toEqual({ exit: 4, out: '', err: 'myelin: It has not ended.\n' });
});

test('cancel and retry take all that fit, page by page, and say what was done where they are cut off', async () => {
  const sent: unknown[] = [];
  const page = (isLast: boolean) => ({ done: 500, refused: isLast ? 2 : 0, nextCursor: isLast ? null : 'c-1' });
  for (const name of ['cancel', 'retry']) {
    routes[`POST /api/executions/${name}`] = ({ body }) => {
      sent.push(body);
      return { status: 200, body: page('cursor' in (body as object)) };
    };
  }
  const canceled = await cli(['cancel', '-w', 'demo', '-s', 'waiting,pending', '--compensate', '--reason', 'old']);
  expect(canceled).toMatchObject({ exit: 0, out: '1000 canceled, 2 refused\n' });
  const order = { filter: { workflow: 'demo', status: ['waiting', 'pending'] }, reason: 'old', compensate: true };
  expect(sent).toEqual([order, { ...order, cursor: 'c-1' }]);
  expect((await cli(['retry', '--all', '--json'])).out).toBe('{\n  "done": 1000,\n  "refused": 2\n}\n');
  expect(sent.at(-1)).toEqual({ filter: {}, cursor: 'c-1' });

  routes['POST /api/executions/cancel'] = ({ body }) =>
    'cursor' in (body as object)
      ? problem(409, 'busy', 'Not now.')
      : { status: 200, body: { done: 7, refused: 0, nextCursor: 'c-1' } };
  const cut = await cli(['cancel', '--since', '2026-01-01']);
  expect(cut).toMatchObject({ exit: 4, out: '' });
  expect(cut.err).toContain('7 canceled before it was cut off. Run it again for the rest: nothing is done twice.');
  for (const wrong of [['cancel'], ['cancel', 'e1', '--all'], ['retry', '--all', '--from', 'a']])
    expect((await cli(wrong)).exit).toBe(2);
});

test('executions looks on where a page has few that fit', async () => {
  let pages = 0;
  routes['GET /api/executions'] = () => {
    pages += 1;
    return { status: 200, body: { items: pages === 3 ? [summary('failed')] : [], nextCursor: pages < 3 ? 'c' : null } };
  };
  const found = await cli(['executions', '--trigger', 'daily']);
  expect(found.out.split('\n')).toHaveLength(3);
  expect(calls).toHaveLength(3);
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

test('deliveries lists what became of webhooks', async () => {
  const at = '2026-07-01T12:00:30.000Z';
  const one = {
    id: 'd1',
    path: 'tell',
    messageId: 'msg_1',
    connection: 'partner',
    type: 'order.created',
    attempt: 2,
    durationMs: 31,
    executionId: 'e1',
    ...{ repeats: null, isKept: true, at },
  };
  const items = [
    { ...one, status: 410, error: null, response: 'gone' },
    { ...one, status: null, error: 'timeout', response: null },
  ];
  routes['GET /api/deliveries'] = () => ({ status: 200, body: { items, nextCursor: null } });
  const { out } = await cli(['deliveries', '--failed']);
  expect(out).toContain(
    'd1  2026-07-01 12:00:30  partner     order.created  410      2        31 ms  e1         gone\n',
  );
  expect(out).toContain('timeout');
  expect(JSON.parse((await cli(['deliveries', '--json'])).out)).toEqual(items);
  let key: unknown;
  let status = 204;
  routes['POST /api/deliveries/d1/resend'] = ({ headers }) => {
    key = headers['idempotency-key'];
    return { status: 201, body: { ...one, id: 'd3', repeats: 'd1', status, error: null, response: '' } };
  };
  const again = await cli(['deliveries', '--resend', 'd1', '--idempotency-key', 'k']);
  expect(again.out).toMatch(/d3 .* 204 +again /);
  expect(again.exit).toBe(0);
  expect(key).toBe('k');
  status = 503;
  expect((await cli(['deliveries', '--resend', 'd1'])).exit).toBe(1);
});
