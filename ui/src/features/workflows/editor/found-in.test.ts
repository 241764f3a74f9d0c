import { expect, test } from 'vitest';
import type { NodeTypeAnswer } from '../../../../../src/contract/node-types.ts';
import type { Entry } from './catalog.ts';
import { foundIn } from './found-in.ts';

const entry = (type: string, description = ''): Entry => ({
  kind: 'node',
  type: { type, description } as NodeTypeAnswer,
});
const GROUPS = [
  { title: 'AI', entries: [entry('classify', 'Finds the intent of a text'), entry('extract')] },
  { title: 'Flow', entries: [entry('if'), entry('join', 'Waits for all branches')] },
];
const found = (text: string) => foundIn(GROUPS, text).map(({ type }) => type.type);

test('the name counts before what stands in the midst of another, over all groups', () => {
  expect(found('if')).toEqual(['if', 'classify']);
  expect(found(' IF ')).toEqual(['if', 'classify']);
  expect(found('e')).toEqual(['extract', 'classify', 'join']);
});

test('all words are looked for in what it does', () => {
  expect(found('text intent')).toEqual(['classify']);
  expect(found('branches intent')).toEqual([]);
});
