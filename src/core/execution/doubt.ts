/**
 * The failure of a task whose request went out and was not answered. Where an author wrote what follows a failure, that
 * follows; where a director chooses, it must not choose for what nobody knows, no more than after a crash.
 */
import { causesOf } from '../dead-letter.ts';
import { type ErrorInfo, MyelinError } from '../errors.ts';
import { isObject } from '../json.ts';
import { isLost } from '../lost-answer.ts';
import { directorOf, isTask } from '../node-type.ts';
import { type ExecutionState, type NodeRef, nodeState, type Scope } from './state.ts';

/** `last`: of the last attempt, where the node fails by another error. */
export function doubted(ref: NodeRef, error: ErrorInfo, last = error): ErrorInfo {
  if (ref.node.effect !== 'irreversible' || !(isLost(last) || nodeState(ref).lost)) return error;
  if (isDirected(ref)) return inDoubt(error, { last: error });
  return unsure(error);
}

/** Of a child that failed: undefined where what failed in it has no effect that may have happened all the same. */
export function doubtedChild(ref: NodeRef, error: ErrorInfo): ErrorInfo | undefined {
  return isUnsure(error) && isDirected(ref) ? inDoubt(error, { last: error }) : undefined;
}

/** What an execution ends with: what it fails by need not be what is unsure in it. */
export const doubtedEnd = (state: ExecutionState, error: ErrorInfo): ErrorInfo =>
  hasUnsure(state) && error.code !== 'in_doubt' ? unsure(error) : error;

/** Something in it may have happened, and nobody knows; not where an author wrote what follows. */
export function hasUnsure(state: ExecutionState): boolean {
  for (const scope of state.scopes.values()) {
    const isOpen = scope.graph.nodes.some((node) => isUnsureNode({ scope, node }));
    if (isOpen && !isHandled(scope)) return true;
  }
  return false;
}

function isUnsureNode(ref: NodeRef): boolean {
  const { status, unhandled, output, lost } = nodeState(ref);
  if (status === 'failed') return unhandled && isUnsure((output as { error: ErrorInfo }).error);
  if (ref.node.effect !== 'irreversible' || status === 'completed' || status === 'skipped') return false;
  // One at work was called off.
  return lost || (status === 'running' && isTask(ref.node.type));
}

/** A container around it has gone on in spite of it. */
function isHandled({ container }: Scope): boolean {
  if (container === null) return false;
  const { status, unhandled } = nodeState(container);
  const isOver = status === 'completed' || status === 'skipped' || (status === 'failed' && !unhandled);
  return isOver || isHandled(container.scope);
}

const isUnsure = (error: ErrorInfo): boolean =>
  causesOf(error).some(({ code, data }) => code === 'in_doubt' || (isObject(data) && data.unsure === true));

/** An agent that called this workflow hears it from its child. */
const unsure = (error: ErrorInfo): ErrorInfo => ({
  ...error,
  data: { ...(isObject(error.data) && error.data), unsure: true },
});

function inDoubt({ message }: ErrorInfo, data: object): ErrorInfo {
  const words = `${message} The request had gone out, so nobody knows if its effect happened.`;
  return new MyelinError('in_doubt', words, data).toInfo();
}

/** A director chooses what follows it. */
function isDirected(ref: NodeRef): boolean {
  for (let at = ref.scope.container; at !== null; at = at.scope.container) {
    if (directorOf(at.node.type) !== undefined) return true;
  }
  return false;
}
