import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { testModels } from '../testing/models.ts';
import { type Memo, openAgent } from './memo.ts';

const { card } = testModels(async () => ({}));
const known = (name: string) => {
  if (name.startsWith('gone:')) throw new MyelinError('model_not_found');
  return { ...card(name), window: 1_000 };
};
const input = { json: null, now: 0, env: {}, projectId: 'p' };
const opened = (model: string, fallback: string) =>
  openAgent({ model, prompt: 'hi', limits: { onBudget: { fallback } } }, input, known).memo as Memo;

test('a cheaper model that nobody knows fails no agent that does not need it', () => {
  expect(Object.keys(opened('m:x', 'm:y').windows ?? {})).toEqual(['m:x', 'm:y']);
  expect(Object.keys(opened('m:x', 'gone:y').windows ?? {})).toEqual(['m:x']);
});

test('its own model must be there', () => {
  expect(() => opened('gone:x', 'm:y')).toThrow(expect.objectContaining({ code: 'model_not_found' }));
});
