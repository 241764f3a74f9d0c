import { expect, test } from 'vitest';
import { counted, nameOf } from './group.ts';

test('a group has its name, or that of its only trigger', () => {
  const member = {
    triggerId: 't',
    trigger: 'placed',
    workflowId: 'w',
    workflowName: 'shipping',
    active: true,
    event: '*',
  };
  expect(nameOf({ group: 'billing', members: [member] })).toBe('billing');
  expect(nameOf({ group: null, members: [member] })).toBe('shipping/placed');
});

test('what is before it is counted as far as the server counts', () => {
  expect(counted({ messages: 0, isMore: false, ms: 0 })).toBe('0 messages');
  expect(counted({ messages: 1, isMore: false, ms: 5 })).toBe('1 message');
  expect(counted({ messages: 10_000, isMore: true, ms: 5 })).toBe('more than 10,000 messages');
});
