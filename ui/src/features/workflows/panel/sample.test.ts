import { expect, test } from 'vitest';
import type { Execution } from '../../../../../src/contract/executions.ts';
import type { Definition } from '../../../graph/document.ts';
import { evaluate } from './evaluation.ts';
import { type Source, sampleOf } from './sample.ts';

const definition = {
  name: 'x',
  nodes: [
    { id: 'first', type: 'transform', config: {} },
    {
      id: 'each',
      type: 'map',
      config: {
        items: '{{ $json.list }}',
        body: {
          nodes: [
            { id: 'in', type: 'transform' },
            { id: 'next', type: 'transform' },
          ],
          edges: ['in -> next'],
        },
      },
    },
    { id: 'last', type: 'transform' },
    { id: 'new', type: 'transform' },
  ],
  edges: ['first -> each', 'each -> last', 'last -> new'],
} as unknown as Definition;
const ran = (path: string, input: unknown, output: unknown, status = 'completed') => ({ path, input, output, status });
const run = {
  id: 'e1',
  workflowId: 'w1',
  version: 3,
  createdAt: '2026-01-01T00:00:00.000Z',
  trigger: { a: 1 },
  nodes: [
    ran('first', { a: 1 }, { list: ['x', 'y'] }),
    ran('each', { list: ['x', 'y'] }, ['X', 'Y']),
    ran('each[0]/in', 'x', 'X'),
    ran('each[1]/in', 'y', 'Y'),
    ran('last', ['X', 'Y'], { done: true }),
  ],
} as unknown as Execution;
const source = (more: Partial<Source> = {}): Source => ({ definition, run, pins: {}, now: 0, ...more });
const VARIABLES = ['$json', '$node', '$trigger', '$item', '$index', '$results', '$workflow', '$secrets'];
const value = (place: string, text: unknown, more: Partial<Source> = {}) =>
  evaluate(text, sampleOf(source(more), place).env, VARIABLES);

test('the input of the last run is what it was', () => {
  expect(value('last', '{{ $json[0] }}')).toEqual({ kind: 'value', value: 'X' });
});

test('a node that has not run gets what came before it', () => {
  expect(value('new', '{{ $json.done }}')).toEqual({ kind: 'value', value: true });
});

test('a pin goes before the run', () => {
  const pins = { last: { done: 'pinned' } };
  expect(value('new', '{{ $json.done }} {{ $node.last.done }}', { pins })).toEqual({
    kind: 'value',
    value: 'pinned pinned',
  });
});

test('a body sees its last iteration', () => {
  expect(value('each/in', { at: '{{ $index }}', item: '{{ $item }}', before: '{{ $results }}' })).toEqual({
    kind: 'value',
    value: { at: 1, item: 'y', before: ['X'] },
  });
  expect(value('each/next', '{{ $json }}/{{ $node.in }}/{{ $node.first.list.length }}')).toEqual({
    kind: 'value',
    value: 'Y/Y/2',
  });
});

test('secrets are never read, their names stand in for them', () => {
  expect(value('last', 'Bearer {{ $secrets.TOKEN }}')).toEqual({ kind: 'value', value: 'Bearer ‹TOKEN›' });
});

test('errors say the reason in words', () => {
  expect(value('last', 'plain')).toEqual({ kind: 'constant' });
  expect(value('last', '{{ $json. }}').kind).toBe('invalid');
  expect(value('last', '{{ nowhere }}').kind).toBe('invalid');
  const failed = value('last', '{{ $json.a.toUpperCase() }}');
  expect(failed).toMatchObject({ kind: 'failed' });
  expect(failed.kind === 'failed' && failed.message).not.toContain('{{');
});

test('without a run there is nothing', () => {
  const sample = sampleOf(source({ run: undefined }), 'last');
  expect([sample.hasData, sample.hasInput, sample.env.$json]).toEqual([false, false, undefined]);
});
