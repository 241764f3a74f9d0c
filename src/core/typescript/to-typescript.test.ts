import { expect, test } from 'vitest';
import type { Definition } from '../definition/schema.ts';
import { toTypeScript } from './to-typescript.ts';

test('prints what a person would write', () => {
  const definition: Definition = {
    name: 'incident-triage',
    description:
      'Sort incidents, ask a person before anything risky, and say enough here to need a second line of text.',
    settings: { timeout: '1h', priority: 'default' },
    expose: { mcp: { wait: '5s' } },
    triggers: [
      { id: 'hook', type: 'webhook', path: 'incidents', method: 'POST' },
      { id: 'by-hand', type: 'manual' },
      { id: 'tick', type: 'schedule', cron: '0 * * * *' },
    ],
    nodes: [
      {
        id: 'classify',
        type: 'agent',
        config: { model: 'scripted:triage', prompt: '{{ $trigger.body.log }}', output: { schema: { type: 'object' } } },
        retry: { attempts: 5, backoff: 'exponential', delay: '1s' },
      },
      { id: 'severe', type: 'if', config: { condition: "{{ $json.severity == 'critical' }}" } },
      { id: 'meet', type: 'join', join: 'any' },
      {
        id: 'sum',
        type: 'code',
        config: { source: 'let sum = 0;\nfor (const x of $json) sum += x;\nreturn `sum`;' },
      },
      {
        id: 'each',
        type: 'loop',
        config: {
          items: '{{ $json.orders }}',
          body: {
            nodes: [
              { id: 'name', type: 'transform', config: { value: '{{ $item.name }}' } },
              { id: 'both', type: 'parallel', config: { branches: { a: { nodes: [{ id: 'x', type: 'join' }] } } } },
            ],
            edges: ['name -> both'],
          },
        },
      },
    ],
    edges: ['classify -> severe', 'severe:true -> meet', 'severe:false->sum'],
  };
  expect(toTypeScript(definition)).toBe(
    [
      "import { graph, workflow } from 'myelin';",
      '',
      "export default workflow('incident-triage', {",
      "  description: 'Sort incidents, ask a person before anything risky, and say enough here to need a second line of ' +",
      "    'text.',",
      "  settings: { timeout: '1h', priority: 'default' },",
      "  expose: { mcp: { wait: '5s' } },",
      '})',
      "  .webhook('hook', { path: 'incidents', method: 'POST' })",
      "  .manual('by-hand')",
      "  .schedule('tick', { cron: '0 * * * *' })",
      '  .node(',
      "    'classify',",
      "    'agent',",
      "    { model: 'scripted:triage', prompt: '{{ $trigger.body.log }}', output: { schema: { type: 'object' } } },",
      "    { retry: { attempts: 5, backoff: 'exponential', delay: '1s' } },",
      '  )',
      `  .node('severe', 'if', { condition: "{{ $json.severity == 'critical' }}" })`,
      "  .node('meet', 'join', undefined, { join: 'any' })",
      "  .node('sum', 'code', {",
      '    source: `let sum = 0;',
      'for (const x of $json) sum += x;',
      'return \\`sum\\`;`,',
      '  })',
      "  .node('each', 'loop', {",
      "    items: '{{ $json.orders }}',",
      '    body: graph()',
      "      .node('name', 'transform', { value: '{{ $item.name }}' })",
      "      .node('both', 'parallel', { branches: { a: graph().node('x', 'join') } })",
      "      .edge('name', 'both'),",
      '  })',
      "  .edge('classify', 'severe')",
      "  .edge('severe:true', 'meet')",
      "  .edges('severe:false->sum')",
      '  .build();',
      '',
    ].join('\n'),
  );
});

test('hides nothing from the reader', () => {
  const config = { value: 'a\u202eb\u0000\u2028\ud800', __proto__x: 1, 'odd key': -0 };
  const text = toTypeScript({ name: 'w', nodes: [{ id: 'a', type: 'transform', config }] });
  expect(text).toContain("{ value: 'a\\u202eb\\u0000\\u2028\\ud800', __proto__x: 1, 'odd key': -0 }");
});

test('keeps lines short, whatever the text', () => {
  const value = `${'word '.repeat(100)}\n${'x'.repeat(300)}\n`;
  const text = toTypeScript({ name: 'w', nodes: [{ id: 'a', type: 'transform', config: { value } }] });
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

test('a text that would be a very long sum stands on one line', () => {
  const config = { value: 'some words '.repeat(10_000) };
  expect(toTypeScript({ name: 'w', nodes: [{ id: 'a', type: 'x', config }] })).toContain(`'${config.value}'`);
});

test('refuses what JSON cannot carry', () => {
  const config = { value: Number.POSITIVE_INFINITY };
  expect(() => toTypeScript({ name: 'w', nodes: [{ id: 'a', type: 'transform', config }] })).toThrow(
    'A definition holds JSON values only, not Infinity.',
  );
});

test('a graph of very many nodes becomes statements, and one inside of a container data', () => {
  const nodes = Array.from({ length: 501 }, (_, index) => ({ id: `n${index}`, type: 'join' }));
  const text = toTypeScript({ name: 'w', nodes });
  expect(text).toContain("const definition = workflow('w');\ndefinition.node('n0', 'join');");
  expect(text.endsWith("definition.node('n500', 'join');\nexport default definition.build();\n")).toBe(true);
  const inside = toTypeScript({ name: 'w', nodes: [{ id: 'a', type: 'map', config: { body: { nodes } } }] });
  expect(inside).toContain("{ id: 'n0', type: 'join' }");
});

test('empty lists, values of every kind, odd keys and odd texts are written as they are', () => {
  const config = {
    list: [],
    none: null,
    yes: true,
    __proto__x: {},
    ['__proto__']: 1,
    quoted: `it's`,
    both: `'"`,
    lines: ['a`$', '{b}\\\u0007\tc\nd\ne'].join(''),
    body: 'no graph',
    branches: 3,
  };
  const text = toTypeScript({ name: 'w', triggers: [], nodes: [{ id: 'a', type: 'x', config }], edges: ['no edge'] });
  expect(text).toContain('  .triggers()');
  expect(text).toContain(".edges('no edge')");
  expect(text).toContain(`quoted: "it's"`);
  expect(text).toContain("['__proto__']: 1");
  expect(toTypeScript({ name: 'w', nodes: [], edges: [] })).toContain('.edges()');
  const hook = { name: 'w', triggers: [{ id: 'h', type: 'webhook' }], nodes: [{ id: 'a', type: 'x' }] };
  expect(toTypeScript(hook)).toContain(".trigger('h', 'webhook')");
  expect(toTypeScript({ ...hook, triggers: [{ id: 'm', type: 'manual' }] })).toContain(".manual('m')");
});

test('what fits nowhere stands whole, and no character is cut in two', () => {
  const long = 'k'.repeat(100);
  const config = {
    [long]: -1.2345678901234567e100,
    faces: '\u{1f600}'.repeat(200),
    more: `x${'\u{1f600}'.repeat(200)}`,
    odd: `${'x'.repeat(103)}\u{1f600}y`,
  };
  const text = toTypeScript({ name: 'w', nodes: [{ id: 'a', type: 'x', config }] });
  const body = { nodes: [{ id: 'n', type: 'x', config: { value: 'a\nb\nc' } }] };
  expect(toTypeScript({ name: 'w', nodes: [{ id: 'a', type: 'map', config: { body } }] })).toContain('`a\nb\nc`');
  expect(text).toContain(`${long}: -1.2345678901234567e+100,`);
  expect(text).not.toContain('\\ud83d');
});
