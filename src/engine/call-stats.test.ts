import { expect, test } from 'vitest';
import type { Demand } from '../core/execution/index.ts';
import { CallStats } from './call-stats.ts';

const charge = (path: string, model: string, currency = 'USD'): Demand => ({
  ...{ kind: 'charge', first: true, path, attempt: 1 },
  charge: { model, currency, estimate: 2_000_000_000, session: null, userId: null, accounts: [] },
});
const paid = (path: string, model: string, cost = 500_000_000): Demand => ({
  ...{ kind: 'settle', path, outcome: 'paid', model, cost },
  usage: { inputTokens: 10, outputTokens: 3 },
});

test('what a call cost is counted for the model that answered, in the currency it was asked in', () => {
  const stats = new CallStats();
  stats.count('e', [charge('a', 'safe', 'EUR')]);
  expect(stats.models.size).toBe(0);
  // The end of one and the start of the next, in one commit.
  stats.count('e', [charge('a', 'safe', 'USD'), paid('a', 'local')]);
  stats.count('e', [paid('a', 'local')]);
  expect(stats.models.get('local')).toEqual({
    calls: new Map([['paid', 2]]),
    ...{ inputTokens: 20, outputTokens: 6 },
    cost: new Map([
      ['EUR', 0.5],
      ['USD', 0.5],
    ]),
  });
});

test('one that was refused costs nothing, one whose end nobody saw its estimate', () => {
  const stats = new CallStats();
  stats.count('e', [charge('a', 'm'), charge('b', 'm')]);
  stats.count('e', [
    { kind: 'settle', path: 'a', outcome: 'free' },
    { kind: 'settle', path: 'b', outcome: 'unknown' },
  ]);
  expect(stats.models.get('m')).toMatchObject({ inputTokens: 0, cost: new Map([['USD', 2]]) });
  stats.count('e', [charge('a', 'm')]);
  stats.forget('e');
  stats.count('e', [{ kind: 'settle', path: 'a', outcome: 'unknown' }]);
  expect([...stats.models.keys()]).toEqual(['m', 'other']);
});

test('no more than 200 models are told apart', () => {
  const stats = new CallStats();
  for (let n = 0; n < 300; n++) stats.count('e', [paid('a', `m${n}`)]);
  expect(stats.models.size).toBe(200);
  expect(stats.models.get('other')?.calls.get('paid')).toBe(101);
});
