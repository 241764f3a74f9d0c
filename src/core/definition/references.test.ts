import { expect, test } from 'vitest';
import { nodeTypesOf, references } from './references.ts';
import type { Definition } from './schema.ts';

const inner = { id: 'in', type: 'classify', config: { model: ['a:1', 'b:2'], text: 'x', intents: [] } };
const document: Definition = {
  name: 'order',
  settings: { errorWorkflow: 'on-error' },
  triggers: [
    { id: 'ended', type: 'workflow', workflow: 'other' },
    { id: 'hook', type: 'webhook', path: 'in', verify: { secret: '{{ $secrets.HOOK }}' } },
  ],
  nodes: [
    { id: 'each', type: 'map', config: { items: [1], body: { nodes: [inner] } } },
    {
      id: 'ask',
      type: 'agent',
      config: {
        model: 'scripted:desk',
        limits: { onBudget: { fallback: 'cheap' } },
        tools: [
          { name: 'helper', workflow: 'help' },
          { name: 'look', type: 'http', config: { url: 'https://x.test', headers: { k: "{{ $secrets['KEY-2'] }}" } } },
          'odd',
        ],
      },
    },
    { id: 'call', type: 'workflow', config: { workflow: 'report' } },
    { id: 'late', type: 'workflow', config: { workflow: '{{ $json.which }}' } },
    { id: 'say', type: 'http', config: { body: { model: 'no-model', note: 'about $secrets.NOTHING' } } },
    { id: 'done', type: 'join' },
  ],
};

test('models, secrets and workflows are found wherever they are named, with their places', () => {
  expect(references(document).map(({ kind, name, path }) => `${kind} ${name} at ${path}`)).toEqual([
    'workflow on-error at settings.errorWorkflow',
    'workflow other at triggers[0].workflow',
    'secret HOOK at triggers[1].verify.secret',
    'model a:1 at nodes[0].config.body.nodes[0].config.model[0]',
    'model b:2 at nodes[0].config.body.nodes[0].config.model[1]',
    'model scripted:desk at nodes[1].config.model',
    'model cheap at nodes[1].config.limits.onBudget.fallback',
    'workflow help at nodes[1].config.tools[0].workflow',
    'secret KEY-2 at nodes[1].config.tools[1].config.headers.k',
    'workflow report at nodes[2].config.workflow',
  ]);
  expect(references({ name: 'x', nodes: [{ id: 'a', type: 'join' }] })).toEqual([]);
});

test('node types are those of bodies too, each once', () => {
  expect(nodeTypesOf(document)).toEqual(['map', 'agent', 'workflow', 'http', 'join', 'classify']);
  expect(nodeTypesOf({ name: 'x', nodes: [{ id: 'a', type: 'map', config: { nodes: ['odd', {}] } }] })).toEqual([
    'map',
  ]);
});

test('the connections of polls are found', () => {
  const poll = (of: object) => ({ id: 'p', type: 'poll', every: '1m', ...of });
  const triggers = [
    poll({ http: { connection: 'api', url: '/' } }),
    poll({ sql: { connection: 'shop', query: 'select 1' } }),
    poll({ http: { url: 'https://x.test' } }),
  ];
  const found = references({ name: 'polls', triggers, nodes: [{ id: 'done', type: 'join' }] });
  expect(found.map(({ name, path }) => `${name} at ${path}`)).toEqual([
    'api at triggers[0].http.connection',
    'shop at triggers[1].sql.connection',
  ]);
});
