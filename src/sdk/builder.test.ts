import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { definitionFaults } from '../core/definition/validate.ts';
import type { NodeTypes } from '../core/node-type.ts';
import { delay } from '../nodes/delay.ts';
import { ifNode } from '../nodes/if.ts';
import { loop } from '../nodes/loop.ts';
import { map } from '../nodes/map.ts';
import { parallel } from '../nodes/parallel.ts';
import { toolNode } from '../nodes/tool.ts';
import { transform } from '../nodes/transform.ts';
import { triggerTypes } from '../triggers/registry.ts';
import { graph, workflow } from './builder.ts';

const absent = () => Promise.reject(new Error('not in this test'));
const tools = { list: absent, call: absent, sources: () => [], stop: async () => undefined };
const types = [delay, ifNode, loop, map, parallel, toolNode(tools), transform];
const catalog = { nodes: new Map(types.map((type) => [type.type, type])) as NodeTypes, triggers: triggerTypes };

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
    expect(definitionFaults(built, catalog)).toEqual([]);
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
    expect(definitionFaults(built, catalog)).toEqual([]);
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

  test('dates become text, as in JSON', () => {
    const built = workflow('w').node('a', 'custom', { at: new Date(0) as never });
    expect(built.build().nodes[0]?.config).toStrictEqual({ at: '1970-01-01T00:00:00.000Z' });
  });
});

test('configs of the known types are checked by the compiler', () => {
  const w = workflow('w');
  // @ts-expect-error a webhook needs a path
  w.webhook('hook', {});
  // @ts-expect-error PUSH is no method
  w.webhook('hook', { path: 'x', method: 'PUSH' });
  // @ts-expect-error an agent needs a model
  w.node('a', 'agent', { prompt: 'x' });
  // @ts-expect-error an agent needs a config
  w.node('a', 'agent');
  // @ts-expect-error a number is no text
  w.node('a', 'fail', { message: 5 });
  // @ts-expect-error onItemError is one of three words and takes no expression
  w.node('a', 'map', { items: [], onItemError: ($) => $.json.a, body: graph().node('b', 'join') });
  // @ts-expect-error there is no join of this name
  w.node('a', 'transform', {}, { join: 'some' });
  w.node('a', 'delay', { until: ($) => $.json.at }).node('a', 'http', {
    url: ($) => `https://x/${$.json.id}`,
    body: 1,
  });
  expect(w.build().nodes).toHaveLength(7);
});
