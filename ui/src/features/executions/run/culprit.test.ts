import { expect, test } from 'vitest';
import { culpritAmong } from './culprit.ts';

const error = (code: string) => ({ code, kind: 'permanent' as const, message: code });
const node = (path: string, code?: string, more: object = {}) => ({
  ...{ path, port: null, error: code === undefined ? null : error(code) },
  ...{ status: code === undefined ? ('completed' as const) : ('failed' as const) },
  ...more,
});
const container = { progress: { done: 1, total: 2 } };

test('the innermost node is to blame, not the containers around it', () => {
  const nodes = [node('a'), node('each', 'boom', container), node('each[0]/x'), node('each[1]/x', 'boom')];
  expect(culpritAmong(nodes, 'boom').node?.path).toBe('each[1]/x');
});

test('of several the one with the error of the execution; not one that left by its error port', () => {
  const nodes = [node('a', 'boom', { port: 'error' }), node('b', 'timeout'), node('c', 'boom')];
  expect(culpritAmong(nodes, 'boom').node?.path).toBe('c');
  expect(culpritAmong(nodes, 'other').node?.path).toBe('b');
});

test('a failure that its container passes over is no reason', () => {
  const nodes = [node('each', undefined, container), node('each[0]/x', 'boom'), node('pay', 'boom')];
  expect(culpritAmong(nodes, 'boom').node?.path).toBe('pay');
});

test('where it is not among the nodes, the container is told that it lies in', () => {
  const nodes = [node('each', 'boom', container), node('each[0]/inner', 'boom', container), node('each[0]/inner[0]/x')];
  expect(culpritAmong(nodes, 'boom')).toEqual({ node: undefined, around: 'each[0]/inner' });
  expect(culpritAmong([node('a')], 'boom')).toEqual({ node: undefined, around: undefined });
});
