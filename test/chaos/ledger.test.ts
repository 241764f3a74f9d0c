import { expect, test } from 'vitest';
import { budgetCampaign, ruledCampaign } from './budget.ts';
import { ledgerCampaign } from './ledger.ts';

test('agents under kills: a call that has ended is never paid again, and the books say which were lost', async () => {
  const report = await ledgerCampaign({ kills: 8, loops: 50 });
  expect(report.faults).toEqual([]);
  expect(report.books.unknown).toBeGreaterThan(0);
  expect(report.cut).toBeGreaterThan(0);
});

test('200 children and kills: one budget is never exceeded', async () => {
  const report = await budgetCampaign({ children: 200, kills: 4 });
  expect(report.faults).toEqual([]);
});

test('budgets of the project, by day, session, user and workflow, and kills: none is exceeded', async () => {
  const { items, faults } = await ruledCampaign({ children: 60, kills: 3 });
  expect(faults).toEqual([]);
  expect(items.map(({ account }) => account.split(/[:/]/)[0])).toEqual(
    expect.arrayContaining(['project', 'workflow', 'session', 'user']),
  );
});
