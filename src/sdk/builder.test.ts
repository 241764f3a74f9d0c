import { expect, test } from 'vitest';
import { definitionFaults } from '../core/definition/validate.ts';
import { delay } from '../nodes/delay.ts';
import { ifNode } from '../nodes/if.ts';
import { map } from '../nodes/map.ts';
import { parallel } from '../nodes/parallel.ts';
import { transform } from '../nodes/transform.ts';
import { triggerTypes } from '../triggers/registry.ts';
import { graph, workflow } from './index.ts';

const types = [delay, ifNode, map, parallel, transform];
const catalog = { nodes: new Map(types.map((type) => [type.type, type])), triggers: triggerTypes };

test('what is built is valid, expressions and bodies included', () => {
  const built = workflow('nested', { settings: { timeout: '1h' } })
    .webhook('hook', { path: 'nested', method: 'POST' })
    .node('severe', 'if', { condition: ($) => $.trigger.body.severity.eq('critical') })
    .node('each', 'map', {
      items: ($) => $.trigger.body.orders,
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
    .node('wait', 'delay', { for: '1s' }, { join: 'any' })
    .edge('severe:true', 'each')
    .edge('severe:false', 'wait')
    .edge('each', 'wait');
  expect(definitionFaults(built.build(), catalog)).toEqual([]);
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
