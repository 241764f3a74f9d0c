/** Undoing, step by step: of a saga whose inside failed, and of a whole execution. Each step is a node like any other. */
import { type ErrorInfo, MyelinError } from '../errors.ts';
import { doubtedEnd } from './doubt.ts';
import type { Draft } from './draft.ts';
import type { ExecutionState, NodeRef } from './state.ts';
import { isGivenUp, isInDoubt, nodeState, pathOf } from './state.ts';
import { fail, placed } from './step.ts';
import { compensationOf, hasTasks, isInside, nextUndo } from './undo.ts';

/** Sagas that are being undone take their next step, or leave by their error. An outer failure undoes them all. */
export function unwindSagas(draft: Draft): void {
  for (const saga of [...draft.state.unwinding]) {
    if (isGivenUp(draft.state, saga) || hasTasks(draft.state, saga)) continue;
    const doubt = doubtInside(draft.state, saga);
    if (doubt !== undefined) {
      fail(draft, saga, doubt);
      continue;
    }
    if (undoNext(draft, saga)) continue;
    const error = nodeState(saga).run!.error!;
    const left = draft.state.notUndone.filter((one) => isInside(one, saga));
    fail(draft, saga, left.length === 0 ? error : placed(saga, failedToUndo(left, error)));
  }
}

/** The execution takes its next step back, or comes to its end. */
export function unwind(draft: Draft): void {
  if (undoNext(draft, null)) return;
  const { failure, notUndone } = draft.state;
  const { error } = failure!;
  if (notUndone.length === 0) draft.emit('execution.compensated', { error });
  else draft.emit('execution.compensation_failed', { error: doubtedEnd(draft.state, failedToUndo(notUndone, error)) });
}

/** An effect in doubt waits for a person: what would be undone, and what not, nobody knows. */
export function mustUndo(state: ExecutionState): boolean {
  if (state.undo.length === 0) return false;
  for (const scope of state.scopes.values()) {
    if (scope.nodes.some(isInDoubt)) return false;
  }
  return true;
}

/** Of a step; a compensation in doubt is one that failed, and the others go on. */
function doubtInside(state: ExecutionState, saga: NodeRef): ErrorInfo | undefined {
  for (const scope of state.scopes.values()) {
    if (!scope.prefix.startsWith(`${pathOf(saga)}[`)) continue;
    const found = scope.graph.nodes.find((node) => node.compensates === null && isInDoubt(scope.nodes[node.index]!));
    if (found !== undefined) return (scope.nodes[found.index]!.output as { error: ErrorInfo }).error;
  }
  return undefined;
}

/** False where nothing is left to undo. */
function undoNext(draft: Draft, within: NodeRef | null): boolean {
  const undo = nextUndo(draft.state, within);
  if (undo === undefined) return false;
  const compensation = compensationOf(undo);
  if (nodeState(compensation).status === 'idle') {
    draft.emit('node.compensating', { path: pathOf(compensation), of: pathOf(undo) });
  }
  return true;
}

function failedToUndo(left: readonly NodeRef[], cause: ErrorInfo): ErrorInfo {
  const failed = left.map((undo) => {
    const { error } = nodeState(compensationOf(undo)).output as { error: ErrorInfo };
    return { path: pathOf(undo), error };
  });
  const names = failed.map((one) => one.path).join(', ');
  return new MyelinError('compensation_failed', `What was done could not be undone: ${names}`, {
    cause,
    failed,
  }).toInfo();
}
