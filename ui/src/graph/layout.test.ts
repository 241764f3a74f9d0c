import { expect, test } from 'vitest';
import { type GraphDefinition, undoneBy } from './document.ts';
import { flowOf } from './flow.ts';
import { layoutOf } from './layout.ts';

const node = (id: string, more: object = {}) => ({ id, type: 'code', ...more });
const saga: GraphDefinition = {
  nodes: [
    node('reserve', { compensate: 'release' }),
    node('charge', { compensate: 'refund' }),
    node('notify'),
    node('release'),
    node('refund'),
  ],
  edges: ['reserve -> charge', 'charge -> notify'],
};

test('what undoes a node stands below it, and the chain stays straight', () => {
  const boxes = layoutOf(saga);
  const at = (id: string) => [boxes.get(id)?.x, boxes.get(id)?.y];
  const [, line] = at('reserve');
  expect([at('charge')[1], at('notify')[1]]).toEqual([line, line]);
  expect(at('release')).toEqual([at('reserve')[0], at('reserve')[1]! + 84]);
  expect(at('refund')).toEqual([at('charge')[0], at('charge')[1]! + 84]);
});

test('beside each other, neither stands on what undoes the other', () => {
  const boxes = layoutOf({
    nodes: ['a', 'b'].flatMap((id) => [node(id, { compensate: `un-${id}` }), node(`un-${id}`)]),
    edges: [],
  });
  const spots = new Set([...boxes.values()].map(({ x, y }) => `${x} ${y}`));
  expect(spots.size).toBe(4);
  const [low, high] = [boxes.get('a')!, boxes.get('b')!].sort((one, other) => one.y - other.y);
  expect(high!.y).toBeGreaterThan(low!.y + 84 + 52);
});

test('it goes with a node whose place is written, unless its own is', () => {
  const nodes = [node('a', { compensate: 'b', position: { x: 500, y: 300 } }), node('b'), node('c')];
  expect(layoutOf({ nodes }).get('b')).toMatchObject({ x: 500, y: 384 });
  const placed = nodes.map((one) => (one.id === 'b' ? { ...one, position: { x: 1, y: 2 } } : one));
  expect(layoutOf({ nodes: placed }).get('b')).toMatchObject({ x: 1, y: 2 });
});

test('a line joins them, and no trigger begins with it', () => {
  const document = { name: 'saga', ...saga, triggers: [{ id: 'on', type: 'manual' }] };
  const { nodes, edges } = flowOf(document, layoutOf(document));
  expect(edges.filter(({ data }) => data?.isUndo).map(({ source, target }) => [source, target])).toEqual([
    ['reserve', 'release'],
    ['charge', 'refund'],
  ]);
  expect(edges.filter(({ data }) => data?.isStart).map(({ target }) => target)).toEqual(['reserve']);
  expect(nodes.find(({ id }) => id === 'refund')?.ariaLabel).toBe('refund, code, undoes charge');
});

test('a reference that is none draws nothing', () => {
  const nodes = [node('a', { compensate: 'a' }), node('b', { compensate: 'gone' }), node('c', { compensate: 'd' })];
  expect([...undoneBy({ nodes: [...nodes, node('d', { compensate: 'c' })] })]).toEqual([['d', 'c']]);
});
