import { expect, test } from 'vitest';
import type { Execution, ExecutionNode } from '../../../src/contract/executions.ts';
import { runMarks } from './run-marks.ts';

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
const marksOf = (nodes: readonly ExecutionNode[], status: Execution['status'] = 'running') =>
  runMarks(definition, { status, nodes });
const failure = { code: 'timeout', kind: 'transient', message: 'slow' } as const;

test('a node in a body stands for itself in all iterations, and the gravest colors it', () => {
  const nodes = [
    node('a', 'completed', { type: 'http', attempt: 3, port: 'out' }),
    node('each', 'running', { type: 'map', progress: { done: 1, total: 3 } }),
    node('each[0]/in', 'completed'),
    node('each[1]/in', 'failed', { error: failure }),
    node('each[2]/in', 'running'),
  ];
  const marks = marksOf(nodes);
  expect(marks.get('a')).toMatchObject({ tone: 'ok', note: 'attempt 3 · http' });
  expect(marks.get('each')).toMatchObject({ tone: 'info', isMoving: true, note: 'running · 1/3 · map' });
  expect(marks.get('each/in')).toMatchObject({ tone: 'bad', note: '1/3 · 1 failed · code', hint: 'slow (timeout)' });
});

test('how it is stands first in the note, and what is as it should be says nothing', () => {
  const noteOf = (status: ExecutionNode['status'], more: Partial<ExecutionNode> = {}) =>
    marksOf([node('a', status, { type: 'http', ...more })]).get('a')?.note;
  expect(noteOf('waiting', { attempt: 2 })).toBe('waiting · attempt 2 · http');
  expect(noteOf('completed', { port: 'error' })).toBe('error · http');
  expect(noteOf('completed', { port: 'out' })).toBeUndefined();
  expect(noteOf('pending')).toBeUndefined();
});

test('where it did not come by is faint, and where it may yet come is not', () => {
  expect(marksOf([node('a', 'skipped')]).get('a')).toMatchObject({ isFaint: true });
  expect(marksOf([node('a', 'pending')]).get('a')).not.toHaveProperty('isFaint');
  expect(marksOf([node('a', 'pending')], 'failed').get('a')).toMatchObject({ isFaint: true });
  expect(marksOf([node('each', 'skipped')]).get('each/in')).toMatchObject({ isFaint: true });
  expect(marksOf([node('each', 'running')]).get('each/in')).toBeUndefined();
});
