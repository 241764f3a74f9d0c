import { expect, test } from 'vitest';
import { needsWords } from './needs.ts';

const none = { models: [], secrets: [], connections: [], workflows: [] };

test('nothing, or a model that is scripted', () => {
  expect(needsWords(none)).toBe('Runs at once');
  expect(needsWords({ ...none, models: ['scripted:desk'] })).toBe('Runs at once: its model is scripted');
});

test('what is named and not brought along', () => {
  expect(
    needsWords({ models: ['gpt', 'scripted:a'], secrets: ['KEY'], connections: ['db'], workflows: ['a', 'b'] }),
  ).toBe('Needs the model gpt, the secret KEY, the connection db, the workflows a, b');
});
