import { expect, test } from 'vitest';
import { foldOf } from './fold.ts';

const names = ['method', 'url', 'body', 'form', 'timeout', 'paginate'];
const fold = (schema: object, ...wanted: string[]) => foldOf(schema, names, (name) => wanted.includes(name));

test('what a schema names first is shown in that order, then what is required, then what is set or wrong', () => {
  expect(fold({ 'x-first': ['body', 'method'], required: ['url'] })).toEqual({
    shown: ['body', 'method', 'url'],
    rest: ['form', 'timeout', 'paginate'],
  });
  expect(fold({ required: ['url'] }, 'timeout')).toEqual({
    shown: ['url', 'timeout'],
    rest: ['method', 'body', 'form', 'paginate'],
  });
});

test('few are not hidden, and never all', () => {
  expect(fold({ required: ['url'] }, 'method', 'body', 'form').rest).toEqual([]);
  expect(fold({})).toEqual({ shown: names, rest: [] });
});

test('a name that is no field is none', () => {
  expect(fold({ 'x-first': ['gone', 'url'] }).shown).toEqual(['url']);
});
