/** The dead letter of an execution that has failed for good, and the message that tells of it. */
import { diagnose } from '../core/dead-letter.ts';
import { type ExecutionState, failureOf, letterAlert } from '../core/execution/index.ts';
import type { NewLetter } from '../ports/dead-letters.ts';
import type { LeftMessage } from '../ports/messages.ts';

/**
 * Null where there is none: the failure of a child is the business of the parent that waits for it, and that of a test
 * of whoever tests.
 */
export function letterOf(state: ExecutionState, failedAt: number): LeftMessage | null {
  const failure = state.parent === null && state.test === null ? failureOf(state) : undefined;
  if (failure === undefined) return null;
  const { id, projectId, triggerId, trigger } = state;
  const { workflowId, version } = state.plan;
  const letter: NewLetter = {
    id,
    projectId,
    source: 'execution',
    executionId: id,
    workflowId,
    version,
    triggerId,
    originalEvent: trigger,
    ...failure,
    ...diagnose(failure.error, failure.path),
    failedAt,
  };
  const event = letterAlert(state, letter);
  return { letter, messages: event === null ? [] : [{ projectId, event }] };
}
