import { expect, test } from 'vitest';
import { driveCatalog } from '../../testing/drive.ts';
import { validate } from './validate.ts';

const document = (...types: string[]) => ({
  name: 'x',
  nodes: types.map((type, at) => ({ id: `n${at}`, type })),
  edges: types.slice(1).map((_, at) => `n${at} -> n${at + 1}`),
});

test.each([
  [['aaaaaaaa', 'transform'], 'nodes[0].type: unknown node type aaaaaaaa'],
  [['aaaaaaaa', 'bbbbbbbb', 'cccccccc'], 'nodes[0].type: unknown node type aaaaaaaa (and 2 more)'],
])('the message for nodes of the types %j is the first fault and the number of the others', (types, message) => {
  expect(() => validate(document(...types), driveCatalog)).toThrow(expect.objectContaining({ message }));
});
