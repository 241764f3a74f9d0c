import { expect, test } from 'vitest';
import type { Definition } from '../../../graph/document.ts';
import { beforeOf, compensationsFor, loopAround, secretNames, upstreamOf } from './reach.ts';

const node = (id: string, config: Record<string, unknown> = {}, more: object = {}) => ({
  id,
  type: 'transform',
  config,
  ...more,
});
const definition = {
  name: 'x',
  nodes: [
    node('first'),
    node('second', {}, { compensate: 'undo' }),
    {
      id: 'each',
      type: 'map',
      config: { items: [], body: { nodes: [node('in'), node('out')], edges: ['in -> out'] } },
    },
    { id: 'both', type: 'parallel', config: { branches: { left: { nodes: [node('l')] } } } },
    node('aside'),
    node('undo', { key: '{{ $secrets.B }}{{ $secrets["a-1"] }}{{ $secrets.B }}' }),
  ],
  edges: ['first -> second', 'second:out -> each', 'second -> both'],
} as unknown as Definition;
const ids = (place: string) => upstreamOf(definition, place).map((one) => one.place);

test('nodes that an edge leads from come before, the nearest first', () => {
  expect(ids('first')).toEqual([]);
  expect(ids('each')).toEqual(['second', 'first']);
});

test('a body sees its own graph, then what came before its container', () => {
  expect(ids('each/out')).toEqual(['each/in', 'second', 'first']);
  expect(ids('both.left/l')).toEqual(['second', 'first']);
});

test('what undoes a node sees all', () => {
  expect(ids('undo')).toEqual(['first', 'second', 'each', 'both', 'aside']);
});

test('a circle of edges ends', () => {
  const graph = { nodes: [node('a'), node('b')], edges: ['a -> b', 'b -> a'] };
  expect(beforeOf(graph, 'a')).toEqual(['b']);
});

test('only containers that go round have an item', () => {
  expect(loopAround(definition, 'each/in')).toBe('each');
  expect(loopAround(definition, 'both.left/l')).toBeUndefined();
  expect(loopAround(definition, 'each')).toBeUndefined();
});

test('what may undo a node has no edges and undoes no other', () => {
  expect(compensationsFor(definition, 'second')).toEqual(['aside', 'undo']);
  expect(compensationsFor(definition, 'first')).toEqual(['aside']);
});

test('secrets are known by what the document names', () => {
  expect(secretNames(definition)).toEqual(['B', 'a-1']);
});
