import { expect, test } from 'vitest';
import { layered } from './layers.ts';

const sizes = (...ids: string[]) => new Map(ids.map((id) => [id, { width: 200, height: 50 }]));

test('from left to right by the longest way, without overlaps, parents by the middle of their children', () => {
  const spots = layered(sizes('a', 'b', 'c', 'd'), [
    { from: 'a', to: 'b' },
    { from: 'a', to: 'c' },
    { from: 'b', to: 'd' },
    { from: 'c', to: 'd' },
    { from: 'a', to: 'd' },
  ]);
  expect(Object.fromEntries(spots)).toEqual({
    a: { x: 0, y: 37 },
    b: { x: 264, y: 0 },
    c: { x: 264, y: 74 },
    d: { x: 528, y: 37 },
  });
});

test('a circle is drawn too', () => {
  const spots = layered(sizes('a', 'b'), [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ]);
  expect(spots.size).toBe(2);
});

test('1,000 nodes stand apart', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
  const links = ids.slice(1).map((to, index) => ({ from: `n${Math.floor(index / 3)}`, to }));
  const places = new Set([...layered(sizes(...ids), links).values()].map(({ x, y }) => `${x} ${y}`));
  expect(places.size).toBe(1_000);
});
