import { expect, test } from 'vitest';
import { addressAt, drawnPlace } from './drawn.ts';

const definition = {
  name: 'w',
  nodes: [
    { id: 'a', type: 'http' },
    { id: 'each', type: 'map', config: { body: { nodes: [{ id: 'in', type: 'code' }] } } },
    { id: 'bot', type: 'agent' },
  ],
};

test('of many iterations the one that needs eyes is shown', () => {
  const nodes = [
    { path: 'each', status: 'running' },
    { path: 'each[0]/in', status: 'completed' },
    { path: 'each[1]/in', status: 'failed' },
    { path: 'each[2]/in', status: 'running' },
  ] as const;
  expect(addressAt(definition, nodes, 'each/in')).toBe('each[1]/in');
  expect(addressAt(definition, nodes, 'bot')).toBeUndefined();
});

test('the own calls of an agent belong to its card', () => {
  expect(drawnPlace(definition, 'bot[0]/model')).toBe('bot');
  expect(drawnPlace(definition, 'each[4]/in')).toBe('each/in');
  expect(drawnPlace(definition, 'gone')).toBeUndefined();
});
