import { expect, test } from 'vitest';
import { type Scope, suggestionsAt } from './completions.ts';
import { inserted, memberOf, openExpression, operandBefore } from './member-path.ts';
import { tokensOf } from './tokens.ts';

const outputs: Readonly<Record<string, unknown>> = { fetch: { body: { id: 7 } }, 'a-b': 'text' };
const scope: Scope = {
  env: {
    $json: { name: 'Ada', tags: ['x'], 'two words': 1, price: 2 },
    $now: 0,
    node: (id) => outputs[id],
  },
  variables: ['$json', '$node', '$now', '$secrets', '$index'],
  nodes: [
    { id: 'fetch', type: 'http' },
    { id: 'a-b', type: 'transform' },
  ],
  secrets: ['TOKEN'],
};
const labels = (before: string) => suggestionsAt(before, scope)?.list.map(({ label }) => label) ?? [];

test('at the start there are the variables of the place', () => {
  expect(labels(' ').slice(0, 4)).toEqual(['$json', '$node', '$now', '$secrets']);
  expect(labels(' $js')).toContain('$json');
  expect(labels(' ')).not.toContain('$index');
  expect(labels(' ')).toContain('Math');
});

test('fields are those that the last run had', () => {
  expect(labels(' $json.')).toEqual(['name', 'tags', 'two words', 'price']);
  expect(labels(' 1 + $node.fetch.body.')).toEqual(['id']);
  expect(suggestionsAt('$json.na', scope)?.typed).toBe('na');
});

test('a name that is no identifier is written in brackets, in place of the dot', () => {
  expect(suggestionsAt('$json.', scope)?.list[2]).toMatchObject({ apply: '["two words"]', eatsDot: true });
  expect(suggestionsAt('$node.', scope)?.list).toMatchObject([
    { label: 'fetch' },
    { label: 'a-b', apply: '["a-b"]', eatsDot: true },
  ]);
});

test('methods go by the type of what stands before', () => {
  expect(labels('$json.name.')).toContain('toUpperCase');
  expect(labels('$json.tags.map((x) => x).')).toContain('filter');
  expect(labels('$json.price.')).toContain('toFixed');
  expect(labels('$now.')).toContain('toFormat');
  expect(labels('$now.')).not.toContain('toUpperCase');
  expect(labels('Math.')).toContain('PI');
  expect(labels('$secrets.')).toEqual(['TOKEN']);
});

test('there is nothing in numbers and after what is unknown', () => {
  expect(suggestionsAt('1.', scope)).toBeUndefined();
  expect(suggestionsAt('$json.missing.', scope)).toBeUndefined();
});

test('an expression is open between its braces', () => {
  expect(openExpression('a {{ b', 6)).toBe(4);
  expect(openExpression('a {{ b }} c', 11)).toBeUndefined();
  expect(openExpression('a', 1)).toBeUndefined();
  expect(inserted('a ', 2, '$json')).toBe('{{ $json }}');
  expect(inserted('{{  }}', 3, '$json')).toBe('$json');
});

test('the operand before a dot is whole', () => {
  expect(operandBefore('1 + $json.a[0]')).toBe('$json.a[0]');
  expect(operandBefore('f("a b").map((x) => x.y)')).toBe('f("a b").map((x) => x.y)');
  expect(operandBefore('($json')).toBe('$json');
});

test('members are written as the language reads them', () => {
  expect(memberOf('$json', 'a')).toBe('$json.a');
  expect(memberOf('$json', 'a b')).toBe('$json["a b"]');
  expect(memberOf('$json.a', 0)).toBe('$json.a[0]');
});

test('the parts of a template are known, also while it is open', () => {
  expect(tokensOf("a {{ $json.b == 'x' }}").map(({ kind }) => kind)).toEqual([
    'expression',
    'braces',
    'variable',
    'text',
    'braces',
  ]);
  expect(tokensOf('{{ 1').map(({ kind }) => kind)).toEqual(['expression', 'braces', 'number']);
});
