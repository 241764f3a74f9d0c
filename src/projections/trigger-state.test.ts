import { expect, test } from 'vitest';
import type { TriggerState } from '../ports/trigger-states.ts';
import { stateOf } from './trigger-state.ts';

const told = (over: Partial<TriggerState> = {}): TriggerState => ({
  ...{ projectId: 'p', triggerId: 't', status: 'running', error: null, since: 5, lastMessageAt: null, messages: 1 },
  lag: null,
  ...over,
});
const error = { code: 'connection_failed', kind: 'transient', message: 'down' } as const;

test('nobody tells of it', () => {
  expect(stateOf([])).toBeNull();
});

test('the worst of all processes counts, and the messages of all together', () => {
  const broken = told({ status: 'error', error, since: 9, messages: 3, lag: 4 });
  const states = [told({ status: 'starting' }), told({ lastMessageAt: 7, lag: 2 }), broken];
  expect(stateOf(states)).toEqual({
    ...{ status: 'error', error, since: 9, lastMessageAt: 7, messages: 5, lag: 6, processes: 3 },
  });
  expect(stateOf(states.slice(0, 2))).toMatchObject({ status: 'running', error: null });
  expect(stateOf([told({ status: 'starting' })])).toMatchObject({ status: 'starting', lag: null });
});

test('it is as it is since the first of them said so', () => {
  expect(stateOf([told({ since: 8 }), told({ since: 3 })])?.since).toBe(3);
});
