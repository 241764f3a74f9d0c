import { expect, test } from 'vitest';
import type { ApprovalSummary } from '../../../../src/contract/approvals.ts';
import { byUrgency, nextAfter } from './order.ts';

const one = (id: string, more: Partial<ApprovalSummary> = {}) =>
  ({ id, status: 'open', due: null, createdAt: '2026-01-01', closedAt: null, ...more }) as ApprovalSummary;
const ids = (items: readonly ApprovalSummary[]) => items.map(({ id }) => id).join('');

test('due soonest, then newest, then what is closed', () => {
  const items = [
    one('c', { createdAt: '2026-01-02' }),
    one('x', { status: 'decided', closedAt: '2026-01-05' }),
    one('b', { due: '2026-03-01' }),
    one('d'),
    one('a', { due: '2026-02-01' }),
    one('w', { status: 'expired', closedAt: '2026-01-06' }),
  ];
  expect(ids(byUrgency(items))).toBe('abcdwx');
});

test('after the last one the one before is chosen, and what is closed never', () => {
  const items = [one('a'), one('b', { status: 'decided' }), one('c')];
  expect(nextAfter(items, 'a')).toBe('c');
  expect(nextAfter(items, 'c')).toBe('a');
  expect(nextAfter([one('a')], 'a')).toBeUndefined();
  expect(nextAfter(items, 'gone')).toBe('a');
});
