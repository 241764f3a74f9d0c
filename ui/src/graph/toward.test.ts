import { expect, test } from 'vitest';
import { layoutOf } from './layout.ts';
import { toward } from './toward.ts';

const definition = {
  nodes: [
    { id: 'ask', type: 'approval' },
    { id: 'pay', type: 'transform' },
    { id: 'tell', type: 'transform' },
    { id: 'each', type: 'map', config: { items: '{{ [1] }}', body: { nodes: [{ id: 'one', type: 'transform' }] } } },
  ],
  edges: ['ask:approved -> pay', 'ask:rejected -> tell', 'pay -> each'],
};
const boxes = layoutOf(definition);
const places = [...boxes.keys()];

test('arrows go along the edges, and to what stands above and below', () => {
  const right = toward(boxes, places, 'ask', 'ArrowRight') ?? '';
  expect(['pay', 'tell']).toContain(right);
  const other = right === 'pay' ? 'tell' : 'pay';
  const between = (key: string, from: string) => toward(boxes, places, from, key);
  expect([between('ArrowUp', right), between('ArrowDown', right)]).toContain(other);
  expect(between('ArrowLeft', 'pay')).toBe('ask');
  expect(between('ArrowRight', 'pay')).toBe('each');
});

test('a frame is met before what is in it, and left again', () => {
  const [inside = ''] = places.filter((place) => place !== 'each' && place.startsWith('each'));
  const keys = ['ArrowRight', 'ArrowDown'];
  expect(keys.map((key) => toward(boxes, places, 'each', key))).toContain(inside);
  expect(['ArrowLeft', 'ArrowUp'].map((key) => toward(boxes, places, inside, key))).toContain('each');
});

test('at the end, from nowhere and by another key there is none', () => {
  expect(toward(boxes, places, 'ask', 'ArrowLeft')).toBeUndefined();
  expect(toward(boxes, places, 'gone', 'ArrowRight')).toBeUndefined();
  expect(toward(boxes, places, 'ask', 'Enter')).toBeUndefined();
});
