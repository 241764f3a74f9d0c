import { describe, expect, test } from 'vitest';
import { type ErrorCode, MyelinError } from '../../core/errors.ts';
import { testModels } from '../../testing/models.ts';
import { cardsOf, firstAnswer } from './tries.ts';

const usage = { inputTokens: 1, outputTokens: 1 };
const models = testModels(async () => ({}));
const { signal } = new AbortController();

const one = (
  name: string,
  ask: () => Promise<{ model: string; usage: typeof usage; cost: number }>,
  spoke = false,
) => ({
  ...{ card: models.card(name), estimate: () => 100, ask, hasSpoken: () => spoke },
});
const answers = (name: string) => one(name, async () => ({ model: name, usage, cost: 7 }));
const fails = (name: string, code: ErrorCode, data?: object, spoke = false) =>
  one(name, () => Promise.reject(new MyelinError(code, `${name} failed`, data)), spoke);

test('most names stand for one model, some for several', () => {
  const card = (name: string) => ({ ...models.card(name), tries: name === 'both' ? ['m:a', 'm:b'] : [] });
  expect(cardsOf({ card }, 'both').map(({ name }) => name)).toEqual(['m:a', 'm:b']);
  expect(cardsOf({ card }, 'm:a').map(({ name }) => name)).toEqual(['m:a']);
});

describe('the first answer', () => {
  test.each([
    ['nothing, where it was refused', 'rate_limited', { status: 429 }, 7],
    ['its estimate, where nobody saw its end', 'model_failed', { status: 502 }, 107],
    ['what it said', 'model_failed', { usage, paid: { model: 'a', usage, cost: 20 } }, 27],
  ] as const)('holds what one that failed before has cost: %s', async (_, code, data, cost) => {
    expect(await firstAnswer([fails('a', code, data), answers('b')], signal)).toEqual({ model: 'b', usage, cost });
  });

  test('where there is none, the error of the last has what all have cost', async () => {
    const tries = [fails('a', 'timeout'), fails('b', 'rate_limited', { status: 429, retryAfterMs: 5 })];
    await expect(firstAnswer(tries, signal)).rejects.toMatchObject({
      ...{ code: 'rate_limited', message: 'b failed' },
      data: { retryAfterMs: 5, paid: { model: 'b', cost: 100 } },
    });
    const refused = firstAnswer([fails('a', 'model_refused'), fails('b', 'timeout')], signal);
    await expect(refused).rejects.toMatchObject({ code: 'timeout', data: undefined });
  });

  test('is not taken over by another once somebody has heard of it, nor asked for once it was called off', async () => {
    await expect(firstAnswer([fails('a', 'model_failed', {}, true), answers('b')], signal)).rejects.toThrow('a failed');
    const canceled = firstAnswer([fails('a', 'interrupted'), answers('b')], AbortSignal.abort());
    await expect(canceled).rejects.toThrow('a failed');
  });
});
