import { expect, test } from 'vitest';
import { driveCatalog } from '../../testing/drive.ts';
import { definitionFaults } from './validate.ts';

test.each([
  ['switch', undefined],
  ['switch', { cases: 5 }],
  ['switch', { cases: [null] }],
  ['if', {}],
  ['parallel', { branches: null }],
])('a %s with the config %j has the fault of its config, and none of its ports', (type, config) => {
  const nodes = [
    { id: 'a', type, ...(config === undefined ? {} : { config }) },
    { id: 'b', type: 'transform' },
  ];
  const faults = definitionFaults({ name: 'x', nodes, edges: ['a:any -> b'] }, driveCatalog);
  expect(faults.length).toBeGreaterThan(0);
  for (const fault of faults) expect(fault.path).toMatch(/^nodes\[0\]\.config/);
});

test('a cycle is told from where it closes, without the nodes that only lead to it', () => {
  const nodes = ['in', 'a', 'b', 'c', 'out'].map((id) => ({ id, type: 'transform' }));
  const edges = ['in -> a', 'a -> b', 'b -> c', 'c -> a', 'c -> out'];
  expect(definitionFaults({ name: 'x', nodes, edges }, driveCatalog)).toEqual([
    { path: 'nodes[1]', message: 'cycle: a -> b -> c -> a; use a loop node to repeat steps' },
  ]);
});
