import { expect, test } from 'vitest';
import { driveCatalog } from '../../testing/drive.ts';
import { definitionFaults, validate } from './validate.ts';

const document = (...types: string[]) => ({
  name: 'x',
  nodes: types.map((type, at) => ({ id: `n${at}`, type })),
  edges: types.slice(1).map((_, at) => `n${at} -> n${at + 1}`),
});

test.each([
  [['aaaaaaaa', 'transform'], 'nodes[0].type: unknown node type aaaaaaaa'],
  [['aaaaaaaa', 'bbbbbbbb', 'cccccccc'], 'nodes[0].type: unknown node type aaaaaaaa (and 2 more)'],
])('the message for nodes of the types %j is the first fault and the number of the others', (types, message) => {
  expect(() => validate(document(...types), driveCatalog)).toThrow(expect.objectContaining({ message }));
});

test('what does not fit hides nothing: all faults of a document are told at once', () => {
  const bad = {
    name: 'My Workflow',
    owner: 'ada',
    settings: { timeout: 'soon' },
    nodes: [
      { id: 'a', type: 'transform', config: { value: 1 }, extra: true, position: 'left' },
      { id: 'b', type: 'nonsense' },
      { id: 'c', type: 'if', config: { condition: '{{ 1 + }}' } },
    ],
    edges: ['a -> b', 'b -> c', 'c -> nowhere'],
  };
  const paths = new Set(definitionFaults(bad, driveCatalog).map(({ path }) => path));
  expect([...paths].toSorted()).toEqual(
    [
      ...['name', 'owner', 'settings.timeout', 'nodes[0].extra', 'nodes[0].position', 'nodes[1].type'],
      ...['nodes[2].config.condition', 'edges[2]'],
    ].toSorted(),
  );
  expect(definitionFaults({ nodes: [] }, driveCatalog).map(({ path }) => path)).toEqual(['name', 'nodes']);
  expect(definitionFaults('text', driveCatalog)).toEqual([
    { path: 'document', message: 'takes an object, not a text' },
  ]);
});

test('types are told in plain words', () => {
  const faults = definitionFaults(
    { name: 5, nodes: [{ id: 'a', type: 'join', timeout: 3 }, { type: 'join' }] },
    driveCatalog,
  );
  expect(faults.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'name: takes a text, not a number',
    'nodes[0].timeout: takes a text, not a number',
    'nodes[1].id: is missing; takes a text',
  ]);
});
