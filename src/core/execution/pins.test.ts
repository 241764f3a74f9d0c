import { expect, test } from 'vitest';
import { Drive } from '../../testing/drive.ts';
import type { Definition } from '../definition/schema.ts';
import { replay } from './index.ts';

const act = (id: string, over: object = {}) => ({ id, type: 'act', ...over });
const echo = { id: 'echo', type: 'transform', config: { value: '{{ $json }}' } };

const pinned = (document: Omit<Definition, 'name'>, pins: Record<string, unknown>) =>
  new Drive(document, { a: 1 }, { pins });
const tasks = (drive: Drive) => drive.demands.flatMap((one) => (one.kind === 'task' ? [one.path] : []));

test('a pinned node counts as done with its output when its turn comes, and does not run', () => {
  const drive = pinned({ nodes: [act('a'), act('b'), echo], edges: ['a -> b', 'b -> echo'] }, { b: { n: 7 } });
  expect(drive.types()).not.toContain('node.skipped');
  drive.complete('a');
  expect(tasks(drive)).toEqual(['a']);
  expect(drive.state.output).toEqual({ n: 7 });
  expect(drive.history.find((event) => event.type === 'node.skipped')?.data).toEqual({
    ...{ path: 'b', port: 'out', output: { n: 7 }, reason: 'pinned in this test' },
  });
  const again = replay('e', 'p', drive.state.plan, drive.history);
  expect([again.status, again.output, again.test]).toEqual(['completed', { n: 7 }, { pins: { b: { n: 7 } } }]);
});

test('whatever the type of the node: a container does not open, a question is not asked, a condition not looked at', () => {
  const nodes = [
    { id: 'each', type: 'map', config: { items: [1], body: { nodes: [act('in')] } } },
    { id: 'ask', type: 'approval', config: { title: 'Really?' } },
    { id: 'which', type: 'if', config: { condition: '{{ $json.gone.gone }}' } },
    act('end'),
  ];
  const edges = ['each -> ask', 'ask:approved -> which', 'which:true -> end'];
  const drive = pinned({ nodes, edges }, { each: [2], ask: { ok: true }, which: null });
  expect(tasks(drive)).toEqual(['end']);
});

test('where nothing follows the main port it leaves by one that something follows', () => {
  const nodes = [{ id: 'which', type: 'if', config: { condition: true } }, act('no')];
  expect(tasks(pinned({ nodes, edges: ['which:false -> no'] }, { which: 1 }))).toEqual(['no']);
});

const each = (...nodes: Definition['nodes']) => ({
  id: 'each',
  type: 'map',
  config: { items: [1, 2], body: { nodes } },
});

test('a node of the same id inside of a container runs, and one that is pinned by its place does not', () => {
  const document = { nodes: [each(act('a'))] };
  expect(tasks(pinned(document, { a: 7 }))).toEqual(['each[0]/a', 'each[1]/a']);
  const drive = pinned(document, { 'each/a': 7 });
  expect(tasks(drive)).toEqual([]);
  expect(drive.state.output).toEqual([7, 7]);
});

test('a branch is named in the place of what is in it', () => {
  const branches = { left: { nodes: [act('a')] }, right: { nodes: [act('a')] } };
  const document = { nodes: [each({ id: 'both', type: 'parallel', config: { branches } })] };
  const drive = pinned(document, { 'each/both.left/a': 7 });
  expect(tasks(drive)).toEqual(['each[0]/both[right]/a', 'each[1]/both[right]/a']);
});

test('what is pinned did nothing, so it is not undone', () => {
  const nodes = [
    act('a', { compensate: 'undo-a' }),
    act('undo-a'),
    act('b', { compensate: 'undo-b' }),
    act('undo-b'),
    act('c'),
  ];
  const drive = pinned({ nodes, edges: ['a -> b', 'b -> c'] }, { b: 1 });
  drive.complete('a');
  drive.fail('c');
  drive.complete('undo-a');
  expect(tasks(drive)).toEqual(['a', 'c', 'undo-a']);
  expect(drive.status).toBe('compensated');
});

test('a pin without a value is null', () => {
  expect(pinned({ nodes: [act('a')] }, { a: undefined }).state.output).toBeNull();
});
