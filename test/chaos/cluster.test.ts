import { expect, test } from 'vitest';
import { campaign } from './cluster-campaign.ts';

test('nine processes on one PostgreSQL, in storms: nothing is lost, nothing that finished runs again', async () => {
  const report = await campaign({ durationMs: 15_000, pauseMs: 1_500, callers: 6 });
  expect(report.faults).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(20);
  expect(report.timersFired).toBeGreaterThan(0);
});
