import { expect, test } from 'vitest';
import type { WorkflowStats } from '../../../../../src/contract/stats.ts';
import type { WorkflowSummary } from '../../../../../src/contract/workflows.ts';
import { rowsOf } from './rows.ts';

const workflow = (name: string, description: string | null = null) =>
  ({ id: `id-${name}`, name, description }) as WorkflowSummary;
const WORKFLOWS = [workflow('orders', 'Takes orders in'), workflow('mail')];

test('each has its figures', () => {
  const stats = { workflowId: 'id-mail', started: 3 } as WorkflowStats;
  expect(rowsOf(WORKFLOWS, [stats]).map((row) => row.stats?.started)).toEqual([undefined, 3]);
});

test('all words are looked for, in name and description', () => {
  const names = (text: string) => rowsOf(WORKFLOWS, [], text).map(({ name }) => name);
  expect(names('')).toEqual(['orders', 'mail']);
  expect(names('TAKES ord')).toEqual(['orders']);
  expect(names('mail orders')).toEqual([]);
});
