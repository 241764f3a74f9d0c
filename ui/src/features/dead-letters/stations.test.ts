import { expect, test } from 'vitest';
import type { EventAnswer } from '../../../../src/contract/executions.ts';
import { stationsOf } from './stations.ts';

const event = (seq: number, type: string, data: unknown): EventAnswer => ({
  seq,
  type,
  at: '2026-01-01T00:00:00.000Z',
  data,
});
const error = (code: string) => ({ code, kind: 'transient', message: `it was ${code}` });

test('attempts that failed alike are one, failures and retries each by itself', () => {
  const stations = stationsOf(
    [
      event(1, 'execution.created', {}),
      event(2, 'node.retrying', { path: 'push', attempt: 1, error: error('refused') }),
      event(3, 'node.retrying', { path: 'other', attempt: 1, error: error('refused') }),
      event(4, 'node.retrying', { path: 'push', attempt: 2, error: error('open') }),
      event(5, 'node.retrying', { path: 'push', attempt: 3, error: error('open') }),
      event(6, 'execution.failed', { error: error('refused'), path: 'push' }),
      event(7, 'execution.retried', { reason: 'requeued by a person' }),
      event(8, 'node.retrying', { path: 'push', attempt: 5, error: error('open') }),
      event(9, 'execution.compensation_failed', { error: error('stuck') }),
    ],
    'push',
  );
  expect(stations.map(({ what, message }) => `${what} ${message}`)).toEqual([
    'Attempt 1 failed. it was refused',
    'Attempts 2 to 3 failed. it was open',
    'Failed for good. it was refused',
    'Tried again requeued by a person',
    'Attempt 5 failed. it was open',
    'What was done could not be undone. it was stuck',
  ]);
});
