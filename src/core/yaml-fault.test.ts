import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { yamlFault } from './yaml-fault.ts';

test.each([
  ['a: b: c', 'two fields stand on one line'],
  ['a: [1, 2', 'a bracket or quote'],
  ['a: "x', 'a closing quote'],
  ['a: 1\na: 2', 'there twice'],
  ['a:\n\t- 1', 'a tab indents'],
])('%j is told in plain words', (text, words) => {
  expect(yamlFault(parseDocument(text).errors[0]?.code ?? '')).toContain(words);
});

test('what no rule tells of has words too', () => {
  expect(yamlFault('SOMETHING_NEW')).toBe('this cannot be read as YAML');
});
