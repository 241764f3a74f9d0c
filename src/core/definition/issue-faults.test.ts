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

test.each([
  [z.enum(['allow', 'skip']), 'skp', 'takes one of allow, skip'],
  [z.literal('hash'), 'sum', 'takes hash'],
  [z.enum(['', 'on']), 'off', 'takes one of "", on'],
  [z.string().min(1), '', 'takes at least 1 character'],
  [z.string().max(3), 'long', 'takes at most 3 characters'],
  [z.array(z.string()).min(1), [], 'takes at least 1 entry'],
  [z.array(z.string()).max(2), ['a', 'b', 'c'], 'takes at most 2 entries'],
  [z.number().min(0), -1, 'takes at least 0'],
  [z.int().max(9), 10, 'takes at most 9'],
  [z.number().gt(0), 0, 'takes more than 0'],
  [z.number().lt(5), 5, 'takes less than 5'],
  [z.iso.datetime({ offset: true }), 'yesterday', 'takes a time such as 2026-07-01T12:00:00Z'],
  [z.iso.date(), 'yesterday', 'takes a day such as 2026-07-01'],
  [z.uuid(), 'x', 'takes an id such as 01a21f62-145b-7db7-bff1-df0311a71d0f'],
  [z.iso.time(), 'noon', expect.stringContaining('ISO time')],
  [z.bigint().min(2n), 1n, expect.stringContaining('>=2')],
  [z.bigint().max(2n), 3n, expect.stringContaining('<=2')],
  [z.bigint(), 'x', 'Invalid input: expected bigint, received string'],
  [z.string('Invalid input: expected a name'), 5, 'Invalid input: expected a name'],
  [z.string().min(2, 'is too short to be a name'), 'a', 'is too short to be a name'],
])('what the library says of a value is said in our words: %#', (schema, value, message) => {
  expect(faultsOf(schema, value, 'field')).toEqual([{ path: 'field', message }]);
});
