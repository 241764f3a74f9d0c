import { expect, test } from 'vitest';
import { dueAfter, isDue, type Tags } from './due.ts';

const TAGS: Partial<Tags> = { executions: ['Executions', 'Monitoring'], approvals: ['Approvals'] };
const one = (id: string) => ({ id, workflowId: 'w', status: 'running' as const });
const of = (...topics: ('executions' | 'approvals')[]) => ({ type: 'changed' as const, topics, executions: [] });

test('an execution is read again when it changed, not when another one did; lists are read always', () => {
  const due = new Set(dueAfter({ ...of('executions'), executions: [one('a')] }, TAGS));
  expect(isDue(due, 'Executions', { params: { id: 'a' } })).toBe(true);
  expect(isDue(due, 'Executions', { params: { id: 'b' } })).toBe(false);
  expect(isDue(due, 'Executions', { query: { limit: 1 } })).toBe(true);
  expect(isDue(due, 'Monitoring', {})).toBe(true);
  expect(isDue(due, 'Approvals', {})).toBe(false);
});

test('every execution is, where more changed than are told, or nobody says which', () => {
  for (const change of [{ ...of('executions'), executions: [one('a')], more: true as const }, of('executions')]) {
    const due = new Set(dueAfter(change, TAGS));
    expect(isDue(due, 'Executions', { params: { id: 'b' } })).toBe(true);
  }
});

test('of other kinds an id does not matter', () => {
  const due = new Set(dueAfter(of('approvals'), TAGS));
  expect(isDue(due, 'Approvals', { params: { id: 'b' } })).toBe(true);
  expect(isDue(due, undefined, {})).toBe(false);
});
