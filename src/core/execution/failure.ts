/** How an execution that has failed for good failed, as a dead letter tells it. */
import { classify } from '../dead-letter.ts';
import type { Category, ErrorInfo } from '../errors.ts';
import type { ExecutionState, NodeRef } from './state.ts';
import { find, nodeState, pathOf } from './state.ts';
import { compensationOf } from './undo.ts';

export interface FinalFailure {
  readonly error: ErrorInfo;
  /** The node that failed; null: the execution as a whole. */
  readonly path: string | null;
  /** Attempts that this node has had. */
  readonly attempts: number;
  /** A rule may retry it: nothing that would run again has an effect that may have happened. */
  readonly automatic: boolean;
}

/** Undefined where it has not failed, or has come to terms with its failure. */
export function failureOf(state: ExecutionState): FinalFailure | undefined {
  const { status, failure } = state;
  if (failure === null || (status !== 'failed' && status !== 'compensation_failed')) return undefined;
  const { error } = failure;
  const [notUndone] = state.notUndone;
  const undoing = status === 'compensation_failed' && notUndone !== undefined ? compensationOf(notUndone) : undefined;
  const path = undoing === undefined ? failure.path : pathOf(undoing);
  const ref = path === null ? undefined : find(state, path);
  const attempts = ref === undefined ? 0 : nodeState(ref).attempt;
  const automatic = classify(error).retryable && !failedNodes(state).some(mayHaveHappened);
  return { error, path, attempts, automatic };
}

/** What a retry would run again. */
function failedNodes(state: ExecutionState): NodeRef[] {
  const failed: NodeRef[] = [];
  for (const scope of state.scopes.values()) {
    for (const node of scope.graph.nodes) {
      const { status, run, unhandled } = scope.nodes[node.index]!;
      if (status === 'failed' && run === null && (unhandled || node.compensates !== null)) failed.push({ scope, node });
    }
  }
  return failed;
}

/** After these the target has refused, or was never asked. */
const NOT_DONE: ReadonlySet<Category> = new Set(['rate_limit', 'validation', 'auth']);

/** Of an irreversible effect, unless its author has said that it may be tried again. */
function mayHaveHappened(ref: NodeRef): boolean {
  const { error } = nodeState(ref).output as { error: ErrorInfo };
  const { category, retryable } = classify(error);
  if (!retryable) return true;
  const { effect, retry } = ref.node;
  return effect === 'irreversible' && retry.attempts === 1 && !NOT_DONE.has(category);
}
