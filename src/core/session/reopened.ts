import type { SessionEventOf } from './events.ts';

/** Before the first event that is added to a session that has ended. */
export function reopened(first: {
  readonly at: number;
  readonly executionId?: string;
}): SessionEventOf<'agent.session.reopened'> {
  const { at, executionId } = first;
  return { type: 'agent.session.reopened', at, data: {}, ...(executionId !== undefined && { executionId }) };
}
