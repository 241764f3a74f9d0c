import { expect, test } from 'vitest';
import { flowWaits, laneView } from './flow-view.ts';

const NOW = Date.UTC(2026, 6, 1);
const place = { ahead: 4, queuedAt: NOW, since: NOW - 9_000 };
const gates = [
  { lane: 'w:session:"u1"', limit: 1, perMs: null },
  { lane: 'w:rate:', limit: 5, perMs: 1_000 },
];

test('what waits at gates says which, and behind how many', () => {
  const ticket = { lane: 'w:session:"u1"', depth: 1, gather: null, size: 0, gates };
  expect(flowWaits({ ...place, ticket })).toEqual([
    { reason: 'capacity', lane: 'session "u1"', ahead: 4 },
    { reason: 'capacity', lane: 'rate', ahead: 4 },
  ]);
});

test('what gathers says until when, at the latest', () => {
  const of = (gather: Parameters<typeof flowWaits>[0]['ticket']['gather']) =>
    flowWaits({ ...place, ticket: { lane: `w:${gather?.kind}:7`, depth: 1, gather, size: 0, gates } });
  const until = (ms: number) => new Date(NOW + ms).toISOString();
  expect(of({ kind: 'debounce', waitMs: 5_000, maxMs: null })).toEqual([
    { reason: 'gather', lane: 'debounce 7', until: until(5_000) },
  ]);
  expect(of({ kind: 'debounce', waitMs: 5_000, maxMs: 10_000 })).toMatchObject([{ until: until(1_000) }]);
  expect(of({ kind: 'batch', waitMs: 5_000, size: 3 })).toMatchObject([{ lane: 'batch 7', until: until(5_000) }]);
});

test('a lane tells its workflow, kind and key', () => {
  expect(laneView({ lane: 'w:concurrency:{"a":1}', workflowName: 'orders', taken: 3, waiting: 2 })).toEqual({
    workflowId: 'w',
    workflowName: 'orders',
    kind: 'concurrency',
    key: { a: 1 },
    running: 3,
    waiting: 2,
  });
});
