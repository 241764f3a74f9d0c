import { expect, test } from 'vitest';
import { z } from 'zod';
import { driveCatalog } from '../../testing/drive.ts';
import { validate } from './validate.ts';

test('only polls know a cursor', () => {
  const config = z.looseObject({});
  const types = ['poll', 'hook'].map(
    (type) => [type, { type, version: 1, description: '', example: {}, config }] as const,
  );
  const catalog = { ...driveCatalog, triggers: new Map(types) };
  const nodes = [{ id: 'only', type: 'transform' }];
  const of = (type: string) => ({ name: 'x', nodes, triggers: [{ id: 'in', type, url: '{{ $cursor }}' }] });
  expect(validate(of('poll'), catalog)).toEqual(of('poll'));
  expect(() => validate(of('hook'), catalog)).toThrow('triggers[0].url: $cursor cannot be used here');
});
