import { expect, test } from 'vitest';
import { nodesOf, withBody } from './places.ts';
import type { GraphDefinition, NodeDefinition } from './schema.ts';

const node = (id: string, config?: Record<string, unknown>): NodeDefinition => ({
  id,
  type: 't',
  ...(config && { config }),
});
const graph = (...nodes: NodeDefinition[]): GraphDefinition => ({ nodes });

test('each node has a place, those in a body and in branches behind their container', () => {
  const branches = { left: graph(node('x')), right: graph(node('y')), note: 'no graph' };
  const document = graph(node('a'), node('each', { body: graph(node('both', { branches })) }));
  expect(nodesOf(document).map(({ place, scope }) => [place, scope])).toEqual([
    ['a', ''],
    ['each', ''],
    ['each/both', 'each'],
    ['each/both.left/x', 'each/both.left'],
    ['each/both.right/y', 'each/both.right'],
  ]);
});

test('a body is put in its place, where there was none before too', () => {
  const next = graph(node('z'));
  expect(withBody(node('each'), { name: null, graph: next }).config).toEqual({ body: next });
  expect(withBody(node('both'), { name: 'left', graph: next }).config).toEqual({ branches: { left: next } });
});
