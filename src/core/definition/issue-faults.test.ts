import { expect, test } from 'vitest';
import { z } from 'zod';
import { issueFaults } from './issue-faults.ts';

const faultsOf = (schema: z.ZodType, value: unknown, prefix = '') =>
  schema.safeParse(value).error!.issues.flatMap((issue) => issueFaults(issue, prefix));

test('of a union, the alternative whose fault lies deepest speaks', () => {
  const schema = z.union([z.string(), z.object({ a: z.object({ b: z.number() }) }), z.object({ a: z.number() })]);
  expect(faultsOf(schema, { a: { b: 'x' } }, 'config')).toEqual([
    { path: 'config.a.b', message: expect.stringContaining('number') },
  ]);
});

test('a union of which no alternative was tried speaks for itself', () => {
  const schema = z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]);
  expect(faultsOf(schema, { kind: 'c' }, 'auth')).toEqual([{ path: 'auth.kind', message: expect.any(String) }]);
});

test('a fault of the whole value has the place it began with, else the document', () => {
  expect(faultsOf(z.object({}), 5, 'nodes[0]')).toEqual([{ path: 'nodes[0]', message: expect.any(String) }]);
  expect(faultsOf(z.object({}), 5)).toEqual([{ path: 'document', message: expect.any(String) }]);
});

test('a value of a type that has no word of ours is told by that of the language', () => {
  expect(faultsOf(z.number(), new Date(0), 'count')).toEqual([{ path: 'count', message: 'takes a number, not Date' }]);
});

test('a union with words of its own says them of what is none of it, not of what is wrong inside of one', () => {
  const schema = z.union(
    [z.enum(['earliest', 'latest']), z.object({ at: z.number() })],
    'takes earliest, latest or { at }',
  );
  expect(faultsOf(schema, 'yesterday', 'to')).toEqual([{ path: 'to', message: 'takes earliest, latest or { at }' }]);
  expect(faultsOf(schema, { at: 'x' }, 'to')).toEqual([{ path: 'to.at', message: 'takes a number, not a text' }]);
});
