/** What a person may do with an execution: cancel, pause, resume, retry, skip. Each throws `illegal_transition`. */
import { MyelinError } from '../errors.ts';
import type { Command } from './command.ts';
import { doubtedEnd } from './doubt.ts';
import type { Draft } from './draft.ts';
import type { ExecutionState, NodeRef } from './state.ts';
import { find, nodeState, pathOf } from './state.ts';
import { canMove, hasEnded, type Status } from './status.ts';
import { isInside, wasUnwound } from './undo.ts';

type Of<T extends Command['type']> = Extract<Command, { type: T }>;

/** In every state that is not an end. With `compensate` a failed one may be undone too. */
export function cancel(draft: Draft, { reason, compensate }: Of<'cancel'>): void {
  const { state } = draft;
  const error = new MyelinError('canceled', reason).toInfo();
  if (compensate === true && state.status === 'failed' && state.undo.length > 0) {
    return draft.emit('execution.compensating', { error, path: null });
  }
  if (state.status === 'compensating')
    return draft.emit('execution.compensation_failed', { error: doubtedEnd(state, error) });
  allow(state, 'canceled', 'be canceled');
  const isUndoable = state.status !== 'pending' && (state.undo.length > 0 || state.tasks.size > 0);
  // Tasks at work end first, for what they did is to be undone too; see `conclude`.
  if (compensate === true && isUndoable) draft.emit('execution.failing', { error });
  else draft.emit('execution.canceled', { reason });
}

export function pause(draft: Draft, { reason }: Of<'pause'>): void {
  const { status, paused, failure } = draft.state;
  const isActive = status === 'pending' || status === 'running' || status === 'waiting';
  if (!isActive || failure !== null || paused)
    throw illegal(status, paused ? 'be paused, for it is paused already' : 'be paused');
  draft.emit('execution.paused', { reason });
}

export function resume(draft: Draft, { reason }: Of<'resume'>): void {
  const { status, paused } = draft.state;
  if (!paused || hasEnded(status)) throw illegal(status, 'be resumed, for it is not paused');
  draft.emit('execution.resumed', { reason });
}

export function retry(draft: Draft, { reason, from, resolves }: Of<'retry'>): void {
  const { state } = draft;
  refuseUnfailed(state, 'be retried');
  if (from === undefined) {
    return draft.emit('execution.retried', { reason, ...(resolves === undefined ? {} : { resolves }) });
  }
  const ref = find(state, from);
  if (state.status !== 'failed' || ref === undefined || !hasRun(ref) || !isReachable(ref) || beginsAnew(state, ref)) {
    throw illegal(state.status, `run again from ${from}`);
  }
  draft.emit('execution.retried', { reason, from });
}

/** It had its turn, and it is no compensation. */
function hasRun(ref: NodeRef): boolean {
  const { status } = nodeState(ref);
  return ref.node.compensates === null && status !== 'idle' && status !== 'skipped';
}

/** The containers around it go on where it does: none of them has finished. */
function isReachable(ref: NodeRef): boolean {
  for (let at = ref.scope.container; at !== null; at = at.scope.container) {
    const { status, unhandled } = nodeState(at);
    if (status !== 'running' && !unhandled) return false;
  }
  return true;
}

/**
 * A node that failed, waits, or is at work. A failed execution goes on, and so does what else had failed in it; where
 * something else is in doubt, it goes on when that is resolved too.
 */
export function skip(draft: Draft, command: Of<'skip'>): void {
  const { state } = draft;
  const { path, reason } = command;
  const ref = find(state, path);
  if (ref === undefined || !isSkippable(state, ref)) throw illegal(state.status, `go on without ${path}`);
  const { ports, mainPort } = ref.node;
  const { port = mainPort } = command;
  if (port !== mainPort && port !== 'error' && !ports.includes(port)) {
    throw illegal(state.status, `leave ${path} by ${port}: its ports are ${ports.join(', ')}`);
  }
  if (hasEnded(state.status)) {
    refuseUnfailed(state, `go on without ${path}`);
    retry(draft, { type: 'retry', reason, resolves: path });
  }
  draft.emit('node.skipped', { path, port, output: command.output ?? null, reason });
}

/** While something is undone, only the undoing can be skipped: what is called off with a node would not be taken up. */
function isSkippable(state: ExecutionState, ref: NodeRef): boolean {
  const { status, unhandled } = nodeState(ref);
  if (state.status === 'failed' && (ref.node.compensates !== null || beginsAnew(state, ref))) return false;
  if (ref.node.compensates === null && (isUndone(state, ref) || !isReachable(ref))) return false;
  return unhandled || status === 'ready' || status === 'running' || status === 'waiting';
}

/** It lies in a saga that was undone: with a retry, the whole saga begins anew. */
function beginsAnew(state: ExecutionState, ref: NodeRef): boolean {
  for (let at = ref.scope.container; at !== null; at = at.scope.container) if (wasUnwound(state, at)) return true;
  return false;
}

function isUndone(state: ExecutionState, ref: NodeRef): boolean {
  if (state.status === 'compensating' || state.status === 'compensation_failed') return true;
  return state.unwinding.some((saga) => isInside(ref, saga) || pathOf(ref) === pathOf(saga));
}

function refuseUnfailed(state: ExecutionState, what: string): void {
  if (state.status !== 'compensation_failed') allow(state, 'pending', `${what}, for it has not failed`);
}

function allow(state: ExecutionState, to: Status, what: string): void {
  if (!canMove(state.status, to)) throw illegal(state.status, what);
}

function illegal(status: string, what: string): MyelinError {
  return new MyelinError('illegal_transition', `The execution is ${status}; it cannot ${what}.`);
}
