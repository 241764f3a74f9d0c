import { expect, test } from 'vitest';
import { driveCatalog } from '../../testing/drive.ts';
import { definitionFaults } from './validate.ts';

const act = (id: string, compensate?: string) => ({ id, type: 'act', ...(compensate !== undefined && { compensate }) });

const faults = (nodes: object[], edges: string[] = []) =>
  definitionFaults({ name: 'test', nodes, edges }, driveCatalog).map(({ path, message }) => `${path}: ${message}`);

test('a compensation stands aside, and may read whatever has run', () => {
  const undo = { id: 'undo', type: 'transform', config: { set: { b: '{{ $node.b.x }}', a: '{{ $json.x }}' } } };
  expect(faults([act('a', 'undo'), act('b'), undo], ['a -> b'])).toEqual([]);
  expect(faults([act('a', 'undo'), act('undo')])).toEqual([]);
});

test.each([
  [
    'no node',
    [act('a', 'nudo'), act('undo'), act('b')],
    ['a -> b', 'b -> undo'],
    'nodes[0].compensate: unknown node nudo (did you mean undo?)',
  ],
  ['itself', [act('a', 'a')], [], 'nodes[0].compensate: a cannot undo itself; name another node'],
  [
    'a cycle',
    [act('a', 'b'), act('b', 'c'), act('c', 'a')],
    [],
    'nodes[0].compensate: cycle of compensations: a -> b -> c -> a; what undoes is not undone itself',
  ],
  [
    'a node that is undone itself',
    [act('a', 'b'), act('b', 'c'), act('c')],
    [],
    'nodes[0].compensate: b undoes a; what undoes is not undone itself',
  ],
  [
    'a node in a cycle that it is no part of',
    [act('z', 'a'), act('a', 'b'), act('b', 'a')],
    [],
    'nodes[0].compensate: a undoes z; what undoes is not undone itself',
  ],
  [
    'a step of the graph',
    [act('a', 'b'), act('b'), act('c')],
    ['a -> c', 'c -> b'],
    'nodes[0].compensate: b undoes a, so it stands without edges; remove its edges',
  ],
  [
    'what undoes another',
    [act('a', 'undo'), act('b', 'undo'), act('undo')],
    ['a -> b'],
    'nodes[1].compensate: undo undoes a already; give each node a compensation of its own',
  ],
])('%s is refused', (_, nodes, edges, expected) => {
  expect(faults(nodes, edges)).toContain(expected);
});

test('an edge that is none is told of once', () => {
  expect(faults([act('a', 'undo'), act('b'), act('undo')], ['a -> b', 'a b'])).toHaveLength(1);
});

test('inside of a body, with its place', () => {
  const body = { nodes: [act('a', 'a')] };
  expect(faults([{ id: 's', type: 'saga', config: { body } }])).toEqual([
    'nodes[0].config.body.nodes[0].compensate: a cannot undo itself; name another node',
  ]);
});

test('what waits for an event may ask of $event, and of what came before', () => {
  const wait = (match: string) => ({ id: 'w', type: 'wait', config: { for: 'event', type: 'paid', match } });
  const with_ = (match: string) => faults([act('a'), wait(match)], ['a -> w']);
  expect(with_('{{ $event.data.id == $node.a.id }}')).toEqual([]);
  expect(with_('{{ $event.data.id == $node.b.id }}')).toEqual(
    ['nodes[1].config.match: $node.b is no node of this workflow (did you mean $node.a?)'].map((text) =>
      expect.stringContaining(text.slice(0, 40)),
    ),
  );
  expect(with_('{{ $secrets.KEY }}')).toHaveLength(1);
  expect(faults([{ id: 't', type: 'transform', config: { set: { x: '{{ $event.id }}' } } }])).toHaveLength(1);
});
