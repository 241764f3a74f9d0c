/** Failures and results that come in an unlucky order. */
import { expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';

const act = (id: string, more: object = {}) => ({ id, type: 'act', ...more });
const start = { id: 's', type: 'transform', config: { value: 0 } };
const tasks = (run: Drive) => run.open.map((one) => (one.kind === 'task' ? one.path : one.kind));

test('a join with one live branch starts when its other branch dies', () => {
  const run = new Drive({
    nodes: [start, act('a'), act('b'), act('j')],
    edges: ['s -> a', 's -> b', 'a -> j', 'b:error -> j'],
  });
  run.complete('a', 1);
  expect(tasks(run)).toEqual(['b']);
  run.complete('b', 2);
  expect(tasks(run)).toEqual(['j']);
});

test('of several failures the first is that of the execution, and a retry repeats all of them', () => {
  const run = new Drive({ nodes: [start, act('a'), act('b')], edges: ['s -> a', 's -> b'] });
  run.fail('b');
  run.fail('a');
  expect(run.state.failure?.path).toBe('b');
  run.tell({ type: 'retry', reason: '' });
  expect(tasks(run).sort()).toEqual(['a', 'b']);
});

test('a map whose item fails while the execution is failing already goes on with a retry', () => {
  const map = { id: 'm', type: 'map', config: { items: [1], body: { nodes: [act('t')] } } };
  const run = new Drive({ nodes: [start, act('a'), map], edges: ['s -> a', 's -> m'] });
  run.fail('a');
  run.fail('m[0]/t');
  expect(run.status).toBe('failed');
  run.tell({ type: 'retry', reason: '' });
  run.complete('a', 1);
  run.complete('m[0]/t', 2);
  expect(run.state.output).toEqual({ a: 1, m: [2] });
});

test('nothing new starts in the items of a map that has failed', () => {
  const body = { nodes: [act('t'), act('u')], edges: ['t -> u'] };
  const map = { id: 'm', type: 'map', onError: 'continue' as const, config: { items: [1, 2], limit: 2, body } };
  const run = new Drive({ nodes: [map, act('after')], edges: ['m -> after'] });
  run.fail('m[0]/t');
  expect(tasks(run)).toEqual(['m[1]/t', 'after']);
  run.complete('m[1]/t');
  expect(tasks(run)).toEqual(['after']);
  run.complete('after', 'done');
  expect(run.state.output).toBe('done');
});
