import { expect, test } from 'vitest';
import { z } from 'zod';
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

test('only polls know a cursor', () => {
  const config = z.looseObject({});
  const types = ['poll', 'hook'].map(
    (type) => [type, { type, version: 1, description: '', example: {}, config }] as const,
  );
  const catalog = { ...driveCatalog, triggers: new Map(types) };
  const of = (type: string) => ({ ...document('transform'), triggers: [{ id: 'in', type, url: '{{ $cursor }}' }] });
  expect(validate(of('poll'), catalog)).toEqual(of('poll'));
  expect(() => validate(of('hook'), catalog)).toThrow('triggers[0].url: $cursor cannot be used here');
});
