import { expect, test } from 'vitest';
import { bytesOf, omitLarge } from './omit-large.ts';

const big = 'x'.repeat(5_000);

test('small data stay as they are', () => {
  const data = { path: 'a', port: 'out', output: { text: 'ä' }, error: null };
  expect(omitLarge(data)).toEqual({ data, omitted: [] });
  expect(omitLarge(null)).toEqual({ data: null, omitted: [] });
});

test('a large value is left out, and its place and size are told', () => {
  const { data, omitted } = omitLarge({ path: 'a', output: big, port: 'out' });
  expect(data).toEqual({ path: 'a', port: 'out' });
  expect(omitted).toEqual([{ field: 'output', bytes: 5_002 }]);
});

test('what is small beside it stays, inside of objects too; of a list is told how many it has', () => {
  const items = Array.from({ length: 1_000 }, (_, index) => index);
  const { data, omitted } = omitLarge({
    error: { code: 'http_error', message: 'no', data: { body: big, status: 500 } },
    iteration: { items, branches: ['a'] },
  });
  expect(data).toEqual({
    error: { code: 'http_error', message: 'no', data: { status: 500 } },
    iteration: { branches: ['a'] },
  });
  expect(omitted).toEqual([
    { field: 'error.data.body', bytes: 5_002 },
    { field: 'iteration.items', bytes: bytesOf(items), items: 1_000 },
  ]);
});

test('an object of very many values is left out whole, be they small or large', () => {
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`field${index}`, index]));
  expect(omitLarge({ output: many })).toEqual({ data: {}, omitted: [{ field: 'output', bytes: bytesOf(many) }] });
  const large = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field${index}`, big]));
  expect(omitLarge({ output: large })).toEqual({ data: {}, omitted: [{ field: 'output', bytes: bytesOf(large) }] });
});
