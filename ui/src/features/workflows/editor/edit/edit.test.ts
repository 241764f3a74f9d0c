import { expect, test } from 'vitest';
import type { Definition } from '../../../../graph/document.ts';
import { layoutOf } from '../../../../graph/layout.ts';
import { addBranch, addNode, addTrigger, removeTrigger } from './add.ts';
import { clipOf, duplicate, paste, readClip } from './copy.ts';
import { connect, disconnect, edgesAt, followersOf, whyNot } from './edges.ts';
import { placeFaults } from './fault-places.ts';
import { begin, redo, step, undo } from './history.ts';
import { moveBy, moveNodes, tidy } from './move.ts';
import { freeId, idFault, rename } from './names.ts';
import { rehouse, scopeAt } from './rehouse.ts';
import { removeNodes } from './remove.ts';
import { nodeAt } from './scopes.ts';

const line: Definition = {
  name: 'line',
  nodes: [
    { id: 'a', type: 'transform', config: { value: 1 } },
    { id: 'b', type: 'if', config: { condition: '{{ $node.a > 0 }}' } },
    { id: 'c', type: 'transform', config: { value: "{{ $node['a'] + $node.ab }}" } },
    {
      id: 'each',
      type: 'map',
      config: { items: [1], body: { nodes: [{ id: 'in', type: 'transform', config: { value: '{{ $node.a }}' } }] } },
    },
  ],
  edges: ['a -> b', 'b:true -> c', 'c -> each'],
};

test('a node is added behind another, and in the midst of an edge', () => {
  const behind = addNode(line, { id: 'a', type: 'http' }, { scope: '', after: 'b', port: 'false' });
  expect(behind.place).toBe('a_2');
  expect(behind.definition.edges).toEqual([...(line.edges ?? []), 'b:false -> a_2']);
  const between = addNode(line, { id: 'm', type: 'http' }, { scope: '', after: 'b', port: 'true', before: 'c' });
  expect(between.definition.edges).toEqual(['a -> b', 'c -> each', 'b:true -> m', 'm -> c']);
});

test('where nothing has a position nothing gets one, else all of the graph do', () => {
  const free = addNode(line, { id: 'n', type: 'http' }, { scope: '', after: 'c' });
  expect(free.definition.nodes.every(({ position }) => position === undefined)).toBe(true);
  const dropped = addNode(line, { id: 'n', type: 'http' }, { scope: '', spot: { x: 13, y: 21 } });
  expect(dropped.definition.nodes.every(({ position }) => position !== undefined)).toBe(true);
  expect(nodeAt(dropped.definition, 'n')?.position).toEqual({ x: 16, y: 24 });
});

test('a circle and an edge between graphs are refused in words', () => {
  expect(whyNot(line, 'c', 'a')).toMatch(/circle/);
  expect(whyNot(line, 'a', 'each/in')).toMatch(/container/);
  expect(whyNot(line, 'a', 'a')).toMatch(/itself/);
  expect(connect(line, 'c', 'out', 'a')).toBe(line);
  expect(connect(line, 'a', 'out', 'b')).toBe(line);
});

test('what can follow a node is what may be joined to it, and its edges are known by their ends', () => {
  for (const place of ['a', 'b', 'c', 'each', 'each/in']) {
    const free = line.nodes.map(({ id }) => id).filter((id) => whyNot(line, place, id) === undefined);
    expect(followersOf(line, place)).toEqual(free);
  }
  expect(followersOf(line, 'a')).toEqual(['b', 'c', 'each']);
  expect(edgesAt(line, 'b')).toEqual({
    into: [{ from: 'a', port: 'out', to: 'b' }],
    outOf: [{ from: 'b', port: 'true', to: 'c' }],
  });
  const two = connect(
    addNode(line, { id: 'end', type: 'transform' }, { scope: 'each' }).definition,
    'each/in',
    'out',
    'each/end',
  );
  expect(edgesAt(two, 'each/in').outOf).toEqual([{ from: 'each/in', port: 'out', to: 'each/end' }]);
  expect(followersOf(two, 'each/end')).toEqual([]);
});

test('an edge by the error port sets aside an onError that forbids it', () => {
  const own = {
    ...line,
    nodes: line.nodes.map((node) => (node.id === 'a' ? { ...node, onError: 'fail' as const } : node)),
  };
  expect(nodeAt(connect(own, 'a', 'error', 'c'), 'a')?.onError).toBe('branch');
});

test('edges are parted also where they are written without their main port', () => {
  expect(disconnect(line, 'a', 'out', 'b').edges).toEqual(['b:true -> c', 'c -> each']);
});

test('a node that is renamed keeps its edges, and is found by expressions also inside of containers', () => {
  const renamed = rename(line, 'a', 'first-one');
  expect(renamed.edges?.[0]).toBe('first-one -> b');
  expect(JSON.stringify(renamed)).toContain("{{ $node['first-one'] > 0 }}");
  expect(nodeAt(renamed, 'c')?.config?.value).toBe("{{ $node['first-one'] + $node.ab }}");
  expect(nodeAt(renamed, 'each/in')?.config?.value).toBe("{{ $node['first-one'] }}");
  expect(rename(line, 'a', 'b')).toBe(line);
  expect(idFault(line, 'a', '1x')).toBeDefined();
});

test('free ids count up', () => {
  expect(freeId('http', [])).toBe('http');
  expect(freeId('http', ['http', 'http_2'])).toBe('http_3');
  expect(freeId('http_2', ['http_2'])).toBe('http_3');
});

test('a node in the midst that is removed leaves its neighbors joined; several do not', () => {
  expect(removeNodes(line, ['c']).edges).toEqual(['a -> b', 'b:true -> each']);
  expect(removeNodes(line, ['b', 'c']).edges).toEqual([]);
  expect(removeNodes(line, ['each', 'each/in']).nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test('who undid a node that is gone undoes nothing, and the reference goes with it', () => {
  const saga: Definition = {
    name: 's',
    nodes: [
      { id: 'do', type: 'tool', compensate: 'undo' },
      { id: 'undo', type: 'tool' },
    ],
  };
  expect(removeNodes(saga, ['undo']).nodes).toEqual([{ id: 'do', type: 'tool' }]);
  expect(rename(saga, 'undo', 'back').nodes[0]?.compensate).toBe('back');
  expect(whyNot(saga, 'do', 'undo')).toMatch(/undoes/);
  expect([followersOf(saga, 'do'), followersOf(saga, 'undo')]).toEqual([[], []]);
});

test('a move freezes its graph, snaps, and pushes a frame out that it leaves at the left', () => {
  const moved = moveNodes(line, new Map([['b', { x: 301, y: 99 }]]));
  expect(nodeAt(moved, 'b')?.position).toEqual({ x: 304, y: 96 });
  const before = nodeAt(moved, 'each')?.position;
  const pushed = moveBy(moved, ['each/in'], { x: -40, y: 0 });
  expect(nodeAt(pushed, 'each/in')?.position).toEqual({ x: 0, y: 0 });
  expect(nodeAt(pushed, 'each')?.position?.x).toBe((before?.x ?? 0) - 40);
  expect(JSON.stringify(tidy(pushed))).toBe(JSON.stringify(line));
});

test('nodes are copied as text and pasted with free names, their edges and their mentions', () => {
  const clip = readClip(JSON.stringify(clipOf(line, ['a', 'b'])));
  expect(clip?.edges).toEqual(['a -> b']);
  const { definition, places } = paste(line, 'each', clip ?? { nodes: [], edges: [] }, { x: 0, y: 0 });
  expect(places).toEqual(['each/a', 'each/b']);
  expect(nodeAt(definition, 'each/b')?.config?.condition).toBe('{{ $node.a > 0 }}');
  const twice = duplicate(line, ['a', 'b']);
  expect(twice.places).toEqual(['a_2', 'b_2']);
  expect(nodeAt(twice.definition, 'b_2')?.config?.condition).toBe('{{ $node.a_2 > 0 }}');
  expect(readClip('no json')).toBeUndefined();
  expect(readClip('{"nodes":[]}')).toBeUndefined();
});

test('a node goes into a frame and out of it', () => {
  const inside = rehouse(line, ['c'], 'each', { x: 0, y: 80 });
  expect(inside.places).toEqual(['each/c']);
  expect(inside.definition.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'each']);
  const out = rehouse(inside.definition, ['each/c'], '', { x: 0, y: 0 });
  expect(out.places).toEqual(['c']);
  expect(rehouse(line, ['each'], 'each', { x: 0, y: 0 }).places).toEqual([]);
  const boxes = layoutOf(line);
  const frame = boxes.get('each');
  expect(scopeAt(line, boxes, { x: (frame?.x ?? 0) + 30, y: (frame?.y ?? 0) + 60 })).toBe('each');
  expect(scopeAt(line, boxes, { x: -500, y: -500 })).toBe('');
});

test('branches and triggers come and go', () => {
  const both: Definition = {
    name: 'b',
    nodes: [{ id: 'p', type: 'parallel', config: { branches: { branch: { nodes: [] } } } }],
  };
  expect(Object.keys((nodeAt(addBranch(both, 'p', 'branch'), 'p')?.config?.branches ?? {}) as object)).toEqual([
    'branch',
    'branch_2',
  ]);
  const started = addTrigger(addTrigger(line, { id: 'manual', type: 'manual' }), { id: 'manual', type: 'manual' });
  expect(started.triggers?.map(({ id }) => id)).toEqual(['manual', 'manual_2']);
  expect(removeTrigger(started, 'manual').triggers).toHaveLength(1);
});

test('a trigger stands where it was put, and when one is moved the others stay', () => {
  const hook = (id: string) => ({ id, type: 'webhook' });
  const both = addTrigger(addTrigger(line, hook('a')), hook('b'), { x: 403, y: -101 });
  expect(both.triggers?.map(({ position }) => position)).toEqual([undefined, { x: 400, y: -104 }]);
  const before = layoutOf(both);
  expect(before.get('trigger:b')).toMatchObject({ x: 400, y: -104 });
  const after = layoutOf(moveBy(both, ['trigger:b'], { x: 80, y: 0 }));
  expect(after.get('trigger:b')).toMatchObject({ x: 480, y: -104 });
  for (const axis of ['x', 'y'] as const) {
    const moved = (after.get('trigger:a')?.[axis] ?? 0) - (before.get('trigger:a')?.[axis] ?? 0);
    expect(Math.abs(moved)).toBeLessThanOrEqual(4);
  }
  expect(tidy(both).triggers).toEqual([hook('a'), hook('b')]);
});

test('steps are undone and done again; typing is one step', () => {
  const named = (name: string) => ({ ...line, name });
  let history = step(begin(line), named('x'), 1_000, 'name');
  history = step(history, named('xy'), 1_200, 'name');
  expect(history.past).toHaveLength(1);
  history = step(history, named('z'), 9_000, 'name');
  expect(undo(history).now.name).toBe('xy');
  expect(undo(undo(undo(history))).now).toBe(line);
  expect(redo(undo(history)).now.name).toBe('z');
  expect(redo(history)).toBe(history);
});

test('faults are placed at their nodes, their edges and their triggers', () => {
  const started = addTrigger(line, { id: 'hook', type: 'webhook' });
  const faults = [
    { path: 'nodes[3].config.body.nodes[0].config.value', message: 'm' },
    { path: 'edges[1]', message: 'm' },
    { path: 'triggers[0].path', message: 'm' },
    { path: 'settings.timeout', message: 'm' },
  ];
  expect(placeFaults(started, faults).map(({ place, path }) => [place, path])).toEqual([
    ['each/in', 'config.value'],
    ['b', 'edges[1]'],
    ['trigger:hook', 'path'],
    [undefined, 'settings.timeout'],
  ]);
});
