import { expect, test } from 'vitest';
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { addressAt, drawnPlace, marksOf } from './marks-of.ts';

const definition = {
  name: 'w',
  nodes: [
    { id: 'a', type: 'http' },
    { id: 'each', type: 'map', config: { body: { nodes: [{ id: 'in', type: 'code' }] } } },
    { id: 'bot', type: 'agent' },
  ],
};
const node = (path: string, status: ExecutionNode['status'], more: Partial<ExecutionNode> = {}): ExecutionNode => ({
  path,
  id: path,
  type: 'code',
  status,
  attempt: 1,
  port: null,
  error: null,
  startedAt: null,
  finishedAt: null,
  ...more,
});
const failure = { code: 'timeout', kind: 'transient', message: 'slow' } as const;

test('a node in a body stands for itself in all iterations, and the gravest colors it', () => {
  const nodes = [
    node('a', 'completed', { type: 'http', attempt: 3, port: 'out' }),
    node('each', 'running', { type: 'map', progress: { done: 1, total: 3 } }),
    node('each[0]/in', 'completed'),
    node('each[1]/in', 'failed', { error: failure }),
    node('each[2]/in', 'running'),
  ];
  const marks = marksOf(definition, nodes);
  expect(marks.get('a')).toMatchObject({ tone: 'ok', note: 'http · attempt 3' });
  expect(marks.get('each')).toMatchObject({ tone: 'info', isMoving: true, note: 'map · 1/3 · running' });
  expect(marks.get('each/in')).toMatchObject({ tone: 'bad', note: 'code · 1/3 · 1 failed', hint: 'slow (timeout)' });
  expect(addressAt(definition, nodes, 'each/in')).toBe('each[1]/in');
  expect(addressAt(definition, nodes, 'bot')).toBeUndefined();
});

test('where it did not come by is faint', () => {
  expect(marksOf(definition, [node('a', 'skipped')]).get('a')).toMatchObject({ isFaint: true });
});

test('the own calls of an agent belong to its card', () => {
  expect(drawnPlace(definition, 'bot[0]/model')).toBe('bot');
  expect(drawnPlace(definition, 'each[4]/in')).toBe('each/in');
  expect(drawnPlace(definition, 'gone')).toBeUndefined();
});
