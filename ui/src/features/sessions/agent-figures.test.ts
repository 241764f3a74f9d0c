import { expect, test } from 'vitest';
import { byAgent } from './agent-figures.ts';

const NONE = { sessions: 0, messages: 0, responses: 0, modelCalls: 0, failedModelCalls: 0, toolCalls: 0 };
const quiet = { ...NONE, failedToolCalls: 0, inputTokens: 0, outputTokens: 0, cost: 0, averageLatencyMs: null };

test('days of an agent are added up, and each call has the same weight in its time', () => {
  const sums = byAgent([
    { ...quiet, agent: 'sales', day: '2026-07-02', sessions: 1, modelCalls: 1, cost: 5, averageLatencyMs: 1_000 },
    {
      ...quiet,
      agent: 'sales',
      day: '2026-07-01',
      sessions: 2,
      modelCalls: 9,
      failedModelCalls: 3,
      averageLatencyMs: 0,
    },
    { ...quiet, agent: 'sales', day: '2026-06-30', messages: 4 },
  ]);
  expect(sums).toEqual([
    {
      ...{ ...quiet, agent: 'sales', sessions: 3, messages: 4, modelCalls: 10, failedModelCalls: 3 },
      ...{ cost: 5, averageLatencyMs: 100 },
    },
  ]);
});

test('what costs most comes first; what has called no model has no time', () => {
  const day = '2026-07-01';
  const sums = byAgent([
    { ...quiet, agent: 'b', day },
    { ...quiet, agent: 'a', day },
    { ...quiet, agent: 'dear', day, cost: 1 },
    { ...quiet, agent: 'b', day: '2026-06-30' },
  ]);
  expect(sums.map(({ agent, averageLatencyMs }) => [agent, averageLatencyMs])).toEqual([
    ['dear', null],
    ['a', null],
    ['b', null],
  ]);
});
