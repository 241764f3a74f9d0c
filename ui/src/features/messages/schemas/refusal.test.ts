import { expect, test } from 'vitest';
import { ApiProblem } from '../../../api/problem.ts';
import { readTyped, refusalOf } from './refusal.ts';

const TYPED = { schema: '{ "properties": { "a": { "type": "x" } } }', upcast: '{ "a": "{{ $json }}" }' };

function marked(...paths: string[]) {
  const errors = paths.map((path) => ({ path, message: path }));
  const { marks } = refusalOf(new ApiProblem({ status: 409, code: 'any', detail: '', errors }), TYPED);
  const words = (part: 'schema' | 'upcast') => marks[part].map(({ from, to }) => TYPED[part].slice(from, to));
  return { schema: words('schema'), upcast: words('upcast') };
}

test('each fault stands in its text', () => {
  expect(marked('properties.a', 'schema.properties.a.type', 'body.schema')).toEqual({
    schema: ['"a"', '"type"', '{'],
    upcast: [],
  });
  expect(marked('upcast.a', 'upcast')).toEqual({ schema: [], upcast: ['"a"', '{'] });
  expect(marked('params.type', 'body.policy')).toEqual({ schema: [], upcast: [] });
});

test('a type that is none is told apart', () => {
  const errors = [{ path: 'params.type', message: 'takes letters' }];
  expect(refusalOf(new ApiProblem({ status: 400, code: 'any', detail: '', errors }), TYPED).type).toBe('takes letters');
});

test('the texts are read, and an empty upcast is none', () => {
  expect(readTyped({ schema: 'true', upcast: '"x"' })).toEqual({ schema: true, upcast: 'x' });
  expect(readTyped({ schema: '{}', upcast: ' ' })).toEqual({ schema: {} });
});

test('what is no JSON is marked in its part only', () => {
  const message = expect.stringMatching(/^The upcast is no JSON: /);
  expect(readTyped({ ...TYPED, upcast: '{ "a" }' })).toMatchObject({
    refusal: { error: { message }, marks: { schema: [], upcast: [{ from: 6, to: 7, message }] } },
  });
});
