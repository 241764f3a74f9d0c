import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { graph, workflow } from './builder.ts';

describe('a workflow', () => {
  test('is the document that YAML holds', () => {
    const built = workflow('incident-triage', { description: 'Sort incidents', settings: { timeout: '1h' } })
      .webhook('hook', { path: 'incidents', method: 'POST' })
      .manual('by-hand')
      .node(
        'classify',
        'tool',
        { tool: 'noop', arguments: ($) => $.trigger.body },
        { retry: { attempts: 5 }, timeout: '30s', onError: 'branch' },
      )
      .node('severe', 'if', { condition: ($) => $.node.classify.severity.eq('critical') })
      .node('wait', 'delay', { for: '1s' }, { join: 'any' })
      .edge('classify', 'severe')
      .edge('severe:true', 'wait')
      .edges('classify:error -> wait')
      .build();
    expect(built).toStrictEqual(
      parse(`
        name: incident-triage
        description: Sort incidents
        settings: { timeout: 1h }
        triggers:
          - { id: hook, type: webhook, path: incidents, method: POST }
          - { id: by-hand, type: manual }
        nodes:
          - id: classify
            type: tool
            config: { tool: noop, arguments: "{{ $trigger.body }}" }
            retry: { attempts: 5 }
            timeout: 30s
            onError: branch
          - { id: severe, type: if, config: { condition: "{{ $node.classify.severity == 'critical' }}" } }
          - { id: wait, type: delay, config: { for: 1s }, join: any }
        edges: [classify -> severe, "severe:true -> wait", "classify:error -> wait"]
      `),
    );
  });

  test('holds bodies made by builders of their own, and as data', () => {
    const built = workflow('nested')
      .node('each', 'loop', {
        items: ($) => $.json.orders,
        body: graph()
          .node('name', 'transform', { value: ($) => $.item.name })
          .node('both', 'parallel', {
            branches: {
              left: graph().node('one', 'transform', { set: { a: [1, ($) => $.index] } }),
              right: { nodes: [{ id: 'two', type: 'transform' }] },
            },
          })
          .edge('name', 'both'),
      })
      .build();
    expect(built.nodes[0]?.config).toStrictEqual({
      items: '{{ $json.orders }}',
      body: {
        nodes: [
          { id: 'name', type: 'transform', config: { value: '{{ $item.name }}' } },
          {
            id: 'both',
            type: 'parallel',
            config: {
              branches: {
                left: { nodes: [{ id: 'one', type: 'transform', config: { set: { a: [1, '{{ $index }}'] } } }] },
                right: { nodes: [{ id: 'two', type: 'transform' }] },
              },
            },
          },
        ],
        edges: ['name -> both'],
      },
    });
  });

  test('leaves out what is undefined, and keeps what is empty', () => {
    const built = workflow('w', { description: undefined })
      .triggers()
      .edges()
      .node('a', 'transform', { value: undefined });
    expect(built.build()).toStrictEqual({
      name: 'w',
      triggers: [],
      nodes: [{ id: 'a', type: 'transform', config: {} }],
      edges: [],
    });
    expect(JSON.parse(JSON.stringify(built))).toStrictEqual(built.build());
    expect(workflow('w').node('a', 'join').build()).toStrictEqual({ name: 'w', nodes: [{ id: 'a', type: 'join' }] });
  });

  test('built twice gives two documents that share nothing', () => {
    const builder = workflow('w').node('a', 'transform', { value: { deep: [1] } });
    const first = builder.build();
    (first.nodes[0]!.config as { value: { deep: number[] } }).value.deep.push(2);
    expect(builder.build().nodes[0]?.config).toStrictEqual({ value: { deep: [1] } });
  });

  test('takes node and trigger types it does not know', () => {
    const built = workflow('w')
      .trigger('tick', 'schedule', { every: '1m' })
      .node('n', 'acme.send', { to: ($) => $.json.to });
    expect(built.build()).toStrictEqual({
      name: 'w',
      triggers: [{ id: 'tick', type: 'schedule', every: '1m' }],
      nodes: [{ id: 'n', type: 'acme.send', config: { to: '{{ $json.to }}' } }],
    });
  });

  test.each([
    ['a date field', { at: new Map() }, 'node a: config.at: takes a JSON value or an expression, not Map'],
    ['not a number', { n: [1, Number.NaN] }, 'node a: config.n[1]: takes a JSON value or an expression, not NaN'],
    ['a hole in a list', { n: [undefined] }, 'node a: config.n[0]: takes a JSON value or an expression, not undefined'],
  ])('refuses %s, with its place', (_what, config, message) => {
    expect(() => workflow('w').node('a', 'custom', config as never)).toThrow(message);
  });

  test.each<[string, () => unknown, string]>([
    ['an id that is no text', () => workflow('w').node(5 as never, 'x'), 'the id of a node: takes a text, not 5'],
    [
      'a type that is none',
      () => workflow('w').node('a', {} as never, {} as never),
      'node a: type: takes a text, not an object',
    ],
    [
      'a config that is a text',
      () => workflow('w').node('a', 'x', 'no' as never),
      'node a: config: takes an object, not a text',
    ],
    [
      'a config that is a graph',
      () => workflow('w').node('a', 'x', graph() as never),
      'takes an object, not GraphBuilder',
    ],
    [
      'options that are a list',
      () => workflow('w').node('a', 'x', {}, [] as never),
      'node a: takes an object, not a list',
    ],
    ['an edge to nothing', () => graph().edge('a', undefined as never), 'an edge: takes a text, not undefined'],
    ['edges in a list', () => graph().edges(['a -> b'] as never), 'an edge: takes a text, not a list'],
    ['a name that is none', () => workflow(null as never), 'the name of a workflow: takes a text, not null'],
    ['options that are none', () => workflow('w', null as never), 'workflow w: takes an object, not null'],
    ['a trigger without a name', () => workflow('w').manual((() => '') as never), 'takes a text, not a function'],
    ['a trigger that is none', () => workflow('w').triggers(1 as never), 'a trigger: takes an object, not 1'],
  ])('refuses %s, which only JavaScript can give', (_what, build, message) => {
    expect(build).toThrow(message);
  });

  test('has methods for the triggers that most begin with', () => {
    const built = workflow('w')
      .webhook('h', { path: 'x' })
      .schedule('s', { every: '1m' })
      .manual('m')
      .trigger('t', 'x');
    expect(built.build().triggers?.map(({ id, type }) => [id, type])).toEqual([
      ['h', 'webhook'],
      ['s', 'schedule'],
      ['m', 'manual'],
      ['t', 'x'],
    ]);
  });

  test('dates become text, as in JSON', () => {
    const built = workflow('w').node('a', 'custom', { at: new Date(0) as never });
    expect(built.build().nodes[0]?.config).toStrictEqual({ at: '1970-01-01T00:00:00.000Z' });
  });
});
