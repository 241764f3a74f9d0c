import type { ExecutionEvent, ExecutionState } from '../core/execution/index.ts';
import type { Commit, NewExecution } from '../ports/store.ts';

/** Creates an execution that nobody owns yet: whoever has room claims it and begins it. */
export function queuedCommit(state: ExecutionState, create: NewExecution, events: readonly ExecutionEvent[]): Commit {
  return {
    executionId: state.id,
    projectId: state.projectId,
    workflowId: create.workflowId,
    writer: state.id,
    create,
    firstSeq: 1,
    events,
    status: state.status,
    owner: null,
    startedAt: null,
    finishedAt: null,
    error: null,
    arm: [],
    disarm: [],
    taken: [],
    posts: [],
    children: [],
  };
}
