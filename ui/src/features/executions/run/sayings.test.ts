import { expect, test } from 'vitest';
import { heard, type Sayings } from './sayings.ts';

const at = { path: 'bot[0]/model', attempt: 1 };

test('words are put where their offset says, so that one that comes twice is there once', () => {
  let sayings: Sayings = new Map();
  for (const event of [
    { type: 'call', ...at, state: 'started', model: 'm' },
    { type: 'token', ...at, offset: 0, text: 'Good ' },
    { type: 'token', ...at, offset: 5, text: 'morning' },
    { type: 'token', ...at, offset: 5, text: 'morning' },
  ] as const)
    sayings = heard(sayings, event);
  expect(sayings.get(at.path)).toEqual({ text: 'Good morning', attempt: 1, model: 'm', isOver: false });
  sayings = heard(sayings, { type: 'reset', ...at });
  expect(sayings.get(at.path)?.text).toBe('');
  sayings = heard(sayings, { type: 'call', ...at, state: 'completed' });
  expect(sayings.get(at.path)?.isOver).toBe(true);
});
