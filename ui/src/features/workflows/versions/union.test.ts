import { expect, test } from 'vitest';
import { type Definition, nodesOf } from '../../../graph/document.ts';
import { diffDefinitions } from './definition-diff.ts';
import { marksOf, unionOf } from './union.ts';

const node = (id: string) => ({ id, type: 'code' });
const before: Definition = {
  name: 'one',
  triggers: [{ id: 'hook', type: 'webhook' }],
  nodes: [node('a'), node('b'), { id: 'each', type: 'map', config: { body: { nodes: [node('x')] } } }],
  edges: ['a -> b'],
};
const after: Definition = {
  name: 'one',
  nodes: [node('a'), node('c'), { id: 'each', type: 'map', config: { body: { nodes: [node('y')] } } }],
  edges: ['a -> c'],
};

test('both documents in one, bodies too', () => {
  const union = unionOf(before, after);
  expect(nodesOf(union).map(({ place }) => place)).toEqual(['a', 'c', 'each', 'each/y', 'each/x', 'b']);
  expect(union.edges).toEqual(['a -> c', 'a -> b']);
  expect(union.triggers).toHaveLength(1);
});

test('branches that are gone stand beside those that are there', () => {
  const parallel = (branches: object) => ({ name: 'p', nodes: [{ id: 'p', type: 'parallel', config: { branches } }] });
  const union = unionOf(
    parallel({ left: { nodes: [node('x')] } }) as Definition,
    parallel({ right: { nodes: [node('y')] } }) as Definition,
  );
  expect(nodesOf(union).map(({ place }) => place)).toEqual(['p', 'p.right/y', 'p.left/x']);
});

test('marks by place', () => {
  const marks = marksOf(diffDefinitions(before, after));
  expect(marks.get('c')).toMatchObject({ tone: 'ok' });
  expect(marks.get('each/x')).toMatchObject({ tone: 'bad', isFaint: true });
  expect(marks.get('trigger:hook')).toMatchObject({ tone: 'bad' });
  expect(marks.has('a')).toBe(false);
});
