import { expect, test } from 'vitest';
import { isFree } from './free-call.ts';

const failed = (code: string, data?: unknown) => isFree({ code, kind: 'transient', message: '', data });

test.each([400, 401, 403, 404, 409, 413, 422, 425, 429])('a status %i came instead of an answer', (status) => {
  expect(failed('model_failed', { status })).toBe(true);
});

test.each([408, 499, 500, 502, 503, 504, 529, 200])('a status %i says nothing of what was made behind it', (status) => {
  expect(failed('model_failed', { status })).toBe(false);
});

test('what was never sent, or refused, is free; what broke off is not', () => {
  expect(failed('circuit_open')).toBe(true);
  expect(failed('model_failed', { reached: false })).toBe(true);
  for (const code of ['model_failed', 'timeout', 'interrupted', 'answer_lost', 'crash_loop'])
    expect(failed(code)).toBe(false);
});
