import { expect, test } from 'vitest';
import { driveCatalog } from '../../testing/drive.ts';
import { forTest } from './for-test.ts';
import type { Definition } from './schema.ts';
import { definitionFaults } from './validate.ts';

const node = (id: string, over: object = {}) => ({ id, type: 'act', ...over });
const document: Definition = {
  name: 'order',
  settings: {
    ...{ timeout: '1h', retry: { attempts: 2 }, errorWorkflow: 'tell' },
    ...{ concurrency: { limit: 1 }, rateLimit: { limit: 1, per: '1s' }, session: '{{ $trigger.id }}' },
  },
  triggers: [{ id: 'by-hand', type: 'manual' }],
  nodes: [
    node('a', { compensate: 'undo-a' }),
    node('undo-a'),
    node('b', { compensate: 'undo-b' }),
    node('undo-b'),
    node('aside'),
    node('c'),
    node('refused'),
    node('end'),
  ],
  edges: ['a -> c', 'b -> c', 'b -> aside', 'c -> end', 'c:error -> refused'],
};
const ids = (definition: Definition) => definition.nodes.map(({ id }) => id);

test('a test waits for no turn, and no error workflow hears of it; all else stays', () => {
  const { settings, ...rest } = forTest(document);
  expect(settings).toEqual({ timeout: '1h', retry: { attempts: 2 } });
  expect(rest).toEqual({ name: 'order', triggers: document.triggers, nodes: document.nodes, edges: document.edges });
  const { settings: _, ...plain } = document;
  expect(forTest(plain)).toEqual(plain);
});

test('until a node: it, all before it, and what undoes these', () => {
  const pruned = forTest(document, 'c');
  expect(ids(pruned)).toEqual(['a', 'undo-a', 'b', 'undo-b', 'c']);
  expect(pruned.edges).toEqual(['a -> c', 'b -> c']);
  expect(ids(forTest(document, 'a'))).toEqual(['a', 'undo-a']);
  expect(ids(forTest(document, 'refused'))).toEqual(['a', 'undo-a', 'b', 'undo-b', 'c', 'refused']);
  const { edges: _, ...loose } = document;
  expect(ids(forTest(loose, 'end'))).toEqual(['end']);
});

test('until a node in a container: what is before it there, and what the container needs', () => {
  const body = { nodes: [node('in'), node('one'), node('later')], edges: ['in -> one', 'one -> later'] };
  const branches = { left: body, right: { nodes: [node('x')] } };
  const nested: Definition = {
    name: 'nested',
    nodes: [
      node('a'),
      node('each', { type: 'map', config: { items: [1], body } }),
      node('both', { type: 'parallel', config: { branches } }),
    ],
    edges: ['a -> each', 'each -> both'],
  };
  const inside = forTest(nested, 'each/one');
  expect(ids(inside)).toEqual(['a', 'each']);
  const left = { nodes: body.nodes.slice(0, 2), edges: ['in -> one'] };
  expect(inside.nodes[1]?.config).toEqual({ items: [1], body: left });
  const branch = forTest(nested, 'both.left/one');
  expect(branch.nodes[2]?.config).toEqual({ branches: { left, right: branches.right } });
  expect(forTest(nested, 'both.nowhere/one').nodes[2]).toEqual(nested.nodes[2]);
  for (const one of [inside, branch]) expect(definitionFaults(one, driveCatalog)).toEqual([]);
});

test('what is left is valid', () => {
  expect(definitionFaults(document, driveCatalog)).toEqual([]);
  for (const until of ids(document)) {
    if (!until.startsWith('undo')) expect(definitionFaults(forTest(document, until), driveCatalog)).toEqual([]);
  }
});
