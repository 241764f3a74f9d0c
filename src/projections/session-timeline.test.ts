import { expect, test } from 'vitest';
import type { StoredSessionEvent } from '../ports/sessions.ts';
import { timelineRow } from './session-timeline.ts';

const invoked = (more: object) =>
  timelineRow({
    ...{ sessionId: 's', projectId: 'p', seq: 1, executionId: null, version: 1, at: 0, type: 'tool.invoked' },
    data: { invocationId: 'i', tool: 'refund', arguments: { amount: 50 }, ...more },
  } as unknown as StoredSessionEvent);

test('arguments that a person changed are a line of their own, others are told with what came of the call', () => {
  expect(invoked({ requested: { amount: 500 }, approvedBy: 'ada' })?.content).toBe(
    'ada changed the arguments to {"amount":50}; wanted were {"amount":500}',
  );
  expect(invoked({ approvedBy: 'ada' })).toBeUndefined();
});
