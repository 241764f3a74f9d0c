/** Workflows from files: deployed, checked, listed; and what they may be made of. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCatalog } from '../app.ts';
import { at, problem, useCliStage } from '../testing/cli-stage.ts';

const stage = useCliStage();
const { calls, cli, file, routes } = stage;

const DOCUMENT = `name: demo
triggers:
  - { id: hook, type: webhook, path: in }
nodes:
  - { id: a, type: transform }
`;
const saved = (definition: unknown, version = 1, status = 'active') => ({
  ...{ id: 'w1', name: 'demo', version, status, definition, createdAt: at, updatedAt: at },
});
const hook = {
  ...{ id: 't1', workflowId: 'w1', workflowName: 'demo', name: 'hook', type: 'webhook', config: {}, active: true },
  ...{ url: '/webhooks/in', nextAt: null, lastAt: null, state: null },
};

const noWarnings = () => ({ status: 200, body: { valid: true, errors: [], warnings: [] } });

test('deploy creates, then leaves alone, then updates, and prints where the webhooks are', async () => {
  file('demo.yaml', DOCUMENT);
  routes['GET /api/workflows/w1/triggers'] = () => ({ status: 200, body: { items: [hook], nextCursor: null } });
  routes['POST /api/workflows/validate'] = noWarnings;
  let stored: unknown;
  routes['POST /api/workflows?activate=true'] = ({ body, headers }) => {
    expect(headers.authorization).toBe('Bearer key-1');
    stored = body;
    return { status: 201, body: saved(body) };
  };
  expect(await cli(['deploy', 'demo.yaml'])).toEqual({
    exit: 0,
    out: `demo v1 active (created)\n  hook: ${stage.url}/webhooks/in\n`,
    err: '',
  });
  routes['GET /api/workflows/demo'] = () => ({ status: 200, body: saved(stored) });
  expect((await cli(['deploy', 'demo.yaml'])).out).toContain('demo v1 active (unchanged)');
  file('demo.json', JSON.stringify({ name: 'demo', nodes: [{ id: 'b', type: 'transform' }] }));
  routes['PUT /api/workflows/w1?activate=true'] = ({ body }) => ({ status: 200, body: saved(body, 2) });
  const { exit, out } = await cli(['deploy', 'demo.json', '--json']);
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toEqual([
    {
      id: 'w1',
      name: 'demo',
      version: 2,
      status: 'active',
      result: 'updated',
      webhooks: ['/webhooks/in'],
      warnings: [],
    },
  ]);
});

test('deploy tells what the server does not have, with its line', async () => {
  file('demo.yaml', DOCUMENT);
  routes['POST /api/workflows?activate=true'] = ({ body }) => ({ status: 201, body: saved(body) });
  routes['GET /api/workflows/w1/triggers'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  const warnings = [{ path: 'nodes[0].config.connection', message: 'there is no connection shop' }];
  routes['POST /api/workflows/validate'] = () => ({ status: 200, body: { valid: true, errors: [], warnings } });
  expect(await cli(['deploy', 'demo.yaml'])).toMatchObject({
    exit: 0,
    out: `demo v1 active (created)\n  warning  demo.yaml:5: nodes[0].config.connection: there is no connection shop\n`,
  });
});

test('deploy takes TypeScript, from any folder, and --draft does not activate', async () => {
  const deep = join(stage.folder, 'a', 'b');
  mkdirSync(deep, { recursive: true });
  writeFileSync(
    join(deep, 'demo.ts'),
    `import { workflow } from 'myelin';\nexport default workflow('demo').node('a', 'join');\n`,
  );
  routes['POST /api/workflows/validate'] = noWarnings;
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

test('validate needs no server, and checks every file', async () => {
  const catalog = async () => createCatalog();
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
  expect({ exit, out: JSON.parse(out) }).toEqual({
    ...{ exit: 0, out: [{ file: 'good.yaml', valid: true, errors: [], warnings: [] }] },
  });
  routes['POST /api/workflows/validate'] = () => ({ status: 200, body: { valid: true, errors: [] } });
  expect(await cli(['validate', 'good.yaml', '--server'])).toMatchObject({ exit: 0, out: 'ok  good.yaml\n' });
  const warnings = [{ path: 'nodes[0].config', message: 'there is no model x' }];
  routes['POST /api/workflows/validate'] = () => ({ status: 200, body: { valid: true, errors: [], warnings } });
  expect(await cli(['validate', 'good.yaml', '--server'])).toMatchObject({
    ...{ exit: 0, out: 'ok  good.yaml\nwarning  good.yaml:5: nodes[0].config: there is no model x\n' },
  });
  expect(await cli(['validate', 'gone.yaml'])).toMatchObject({ exit: 2 });
  file('nothing.yaml', '# to come\n');
  expect((await cli(['validate', 'nothing.yaml'], { catalog })).err).toContain('nothing.yaml is empty.');
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
    err: 'myelin: There is no node or trigger type dely (did you mean delay?); `myelin types` lists them.\n',
  });
});
