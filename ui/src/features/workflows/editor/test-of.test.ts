import { expect, test } from 'vitest';
import type { Execution } from '../../../../../src/contract/executions.ts';
import type { Definition } from '../../../graph/document.ts';
import { bytesOf, isSmall } from './run-sizes.ts';
import { noteOf, testOf, withFirstItem } from './test-of.ts';

const body = {
  nodes: [
    { id: 'in', type: 'transform' },
    { id: 'one', type: 'transform' },
  ],
  edges: ['in -> one'],
};
const definition = {
  name: 'x',
  nodes: [
    { id: 'a', type: 'transform' },
    { id: 'b', type: 'transform' },
    { id: 'each', type: 'map', config: { items: '{{ $json.list }}', body } },
  ],
  edges: ['a -> b', 'b -> each'],
} as unknown as Definition;
const ran = (path: string, outputBytes: number) => ({ path, outputBytes, status: 'completed' });
const run = {
  id: 'e',
  triggerBytes: 5,
  nodes: [ran('a', 10), ran('b', 300_000), ran('each', 7), ran('each[0]/in', 20)],
} as unknown as Execution;

const read = async (_: string, { path }: { readonly path: string }) => `output of ${path}`;

test('a map goes through its first item, written out or worked out; another value stays', () => {
  const items = (given: unknown) => {
    const changed = { ...definition, nodes: [{ id: 'each', type: 'map', config: { items: given, body } }] };
    return withFirstItem(changed, 'each/one').nodes[0]?.config?.items;
  };
  expect(items('{{ $json.list }}')).toBe('{{ ($json.list).slice(0, 1) }}');
  expect(items([1, 2])).toEqual([1]);
  expect(items('{{ $json.a }}{{ $json.b }}')).toBe('{{ $json.a }}{{ $json.b }}');
  expect(withFirstItem(definition, 'b')).toBe(definition);
});

test('the pins of what is gone, of the node itself and of containers around it are not sent', async () => {
  const pins = { a: 1, gone: 2, each: 3, 'each/one': 4, 'each/in': 5 };
  expect((await testOf(definition, undefined, pins, 'each/one', false, read)).pins).toEqual({ a: 1, 'each/in': 5 });
  expect((await testOf(definition, undefined, pins, undefined, false, read)).pins).toEqual({
    a: 1,
    each: 3,
    'each/one': 4,
    'each/in': 5,
  });
});

test('one node alone takes what the last run gave, but where something is pinned', async () => {
  expect((await testOf(definition, run, { a: 1 }, 'each/one', true, read)).pins).toEqual({
    a: 1,
    b: 'output of b',
    'each/in': 'output of each[0]/in',
  });
});

test('it is said where the values before a node come from', () => {
  expect(noteOf(definition, run, { a: 1 }, 'each')).toBe('Before it: a (pinned); b (from the last run).');
  expect(noteOf(definition, undefined, {}, 'a')).toBe('Nothing is before it.');
});

test('how much a node has to read is told by the sizes of what is before it', () => {
  expect(bytesOf(definition, run, 'a')).toBe(15);
  expect(bytesOf(definition, run, 'b')).toBe(300_010);
  expect(bytesOf(definition, run, 'each[0]/in')).toBe(300_020);
  expect(isSmall(run)).toBe(false);
});
