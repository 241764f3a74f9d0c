import { expect, test } from 'vitest';
import { at, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, routes } = useCliStage();

const FIGURES = { started: 3, completed: 2, failed: 1, compensated: 4, canceled: 0, p50: 128, p95: 2_048 };

test('all workflows at a glance', async () => {
  const spark = Array.from({ length: 24 }, (_, hour) => ({
    completed: hour === 23 ? 4 : 0,
    failed: hour === 0 ? 1 : 0,
    compensated: hour === 23 ? 2 : 0,
    canceled: hour === 23 ? 2 : 0,
  }));
  const ends = { completed: 4, failed: 1, compensated: 2, canceled: 2 };
  const nothing = { completed: 0, failed: 0, compensated: 0, canceled: 0 };
  const demo = { workflowId: 'w1', workflowName: 'demo', last: { id: 'e1', status: 'failed', at }, started: 9 };
  const idle = { workflowId: 'w2', workflowName: 'idle', last: null, started: 0, ...nothing, p50: null };
  const items = [
    { ...demo, ...ends, p50: 128, spark },
    { ...idle, spark: spark.map(() => nothing) },
  ];
  routes['GET /api/workflows/stats'] = () => ({ status: 200, body: { items, nextCursor: null } });
  const { out } = await cli(['stats']);
  expect(out).toMatch(/^demo +▁·{22}█ +9 +1 +2 +128ms +failed 2026-07-01 12:00:00$/m);
  expect(out).toMatch(/^idle +·{24} +0 +0 +0$/m);
  expect(JSON.parse((await cli(['stats', '--json'])).out)).toEqual(items);
  routes['GET /api/workflows/stats'] = () => ({ status: 200, body: { items: [], nextCursor: null } });
  expect((await cli(['stats'])).err).toBe('There are no workflows.\n');
});

test('one workflow over time, or all together', async () => {
  const series = [
    { at, ...FIGURES, levels: null },
    {
      at: '2026-07-01T13:00:00.000Z',
      started: 0,
      completed: 0,
      failed: 0,
      compensated: 0,
      canceled: 0,
      p50: null,
      p95: null,
      levels: { queued: 4, held: 0, running: 1, waiting: 0 },
    },
  ];
  const queue = { queued: 4, held: 3, running: 5, waiting: 6 };
  const body = { from: at, to: '2026-07-01T14:00:00.000Z', step: '1h', series, totals: FIGURES, queue };
  routes['GET /api/stats'] = () => ({ status: 200, body });
  const { out } = await cli(['stats', 'demo', '--from', '2026-07-01']);
  expect(out).toContain('█·  ended\n4 queued, 3 held, 5 running, 6 waiting now\n');
  expect(out).toMatch(/^2026-07-01 12:00:00 +3 +2 +1 +4 +0 +128ms +2\.0s$/m);
  expect(out).toMatch(/^all +3 +2 +1 +4 +0 +128ms +2\.0s$/m);
  await cli(['stats', '*', '--step', '1d']);
  await cli(['stats', '--step', '5m']);
  expect(calls).toEqual([
    'GET /api/stats?from=2026-07-01&workflow=demo',
    'GET /api/stats?step=1d',
    'GET /api/stats?step=5m',
  ]);
  expect((await cli(['stats', 'demo', '--step', '2m'])).exit).toBe(2);
});
