/**
 * The failure of a task whose request went out and was not answered. Where an author wrote what follows a failure, that
 * follows; where a director chooses, it must not choose for what nobody knows, no more than after a crash.
 */
import { rootOf } from '../dead-letter.ts';
import { type ErrorInfo, MyelinError } from '../errors.ts';
import { isObject } from '../json.ts';
import { isLost } from '../lost-answer.ts';
import { directorOf } from '../node-type.ts';
import { type NodeRef, nodeState } from './state.ts';

/** `last`: of the last attempt, where the node fails by another error. */
export function doubted(ref: NodeRef, error: ErrorInfo, last = error): ErrorInfo {
  if (ref.node.effect !== 'irreversible' || !(isLost(last) || nodeState(ref).lost)) return error;
  if (isDirected(ref)) return inDoubt(error, { last: error });
  // An agent that called this workflow hears it from its child.
  return { ...error, data: { ...(isObject(error.data) && error.data), unsure: true } };
}

/** Of a child that failed: undefined where what failed in it has no effect that may have happened all the same. */
export function doubtedChild(ref: NodeRef, error: ErrorInfo): ErrorInfo | undefined {
  const { data } = rootOf(error);
  const isUnsure = isObject(data) && data.unsure === true;
  return isUnsure && isDirected(ref) ? inDoubt(error, { last: error }) : undefined;
}

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
