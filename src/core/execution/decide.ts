/**
 * Commands in, events out. The state handed in moves along with the events, so the caller never evolves what it
 * has just decided. A command that comes too late (a timer of a node that went on, a result of an attempt that was
 * replaced) decides nothing.
 */
import { type ErrorInfo, MyelinError } from '../errors.ts';
import { isTask } from '../node-type.ts';
import { nextAttempt } from '../retry.ts';
import type { Command, DecisionEnv, Outcome } from './command.ts';
import { Draft } from './draft.ts';
import type { ExecutionEvent } from './events/index.ts';
import { outputOf } from './flow.ts';
import { inputOf } from './node-env.ts';
import type { Demand, ExecutionState, NodeRef } from './state.ts';
import { deadlineOf, isGivenUp, nodeState, pathOf } from './state.ts';
import { canMove, hasEnded } from './status.ts';
import { fail, placed, step } from './step.ts';

/** Attempts that may end with the process before the node is held to be the cause (fault F7). */
const CRASHES = 3;

/** The events the command causes, at most about 256; more may follow from `advance` while `hasMore`. */
export function decide(state: ExecutionState, command: Command, env: DecisionEnv): ExecutionEvent[] {
  const draft = new Draft(state, env);
  answer(draft, command);
  if (command.type !== 'create') advance(draft);
  return draft.events;
}

/** True while another `advance` has something to do. */
export function hasMore(state: ExecutionState): boolean {
  return !hasEnded(state.status) && (state.status === 'pending' || state.ready.length > 0);
}

/** The effects asked for since the last call. */
export function next(state: ExecutionState): Demand[] {
  const { due } = state;
  state.due = [];
  return due;
}

function answer(draft: Draft, command: Command): void {
  const { state } = draft;
  switch (command.type) {
    case 'create': {
      const { workflowId, version } = state.plan;
      const { type: _, ...given } = command;
      return draft.emit('execution.created', { workflowId, version, ...given });
    }
    case 'advance':
      return;
    case 'task-completed':
      return taskCompleted(draft, command);
    case 'task-failed':
      return taskFailed(draft, command.path, command.attempt, command.error);
    case 'timer':
      return timerFired(draft, command.timerId);
    case 'child-ended':
      return childEnded(draft, command.executionId, command.outcome);
    case 'cancel':
      allow(state, 'canceled');
      return draft.emit('execution.canceled', { reason: command.reason });
    case 'retry':
      allow(state, 'pending');
      return draft.emit('execution.retried', { reason: command.reason });
    case 'recover':
      return recover(draft);
  }
}

function allow(state: ExecutionState, to: 'canceled' | 'pending'): void {
  if (canMove(state.status, to)) return;
  throw new MyelinError('illegal_transition', `The execution is ${state.status}; it cannot become ${to}.`);
}

/** Gives every node whose turn it is its step, then ends what has come to its end. */
function advance(draft: Draft): void {
  const { state } = draft;
  if (state.status === 'pending') start(draft);
  if (hasEnded(state.status)) return;
  let taken = 0;
  while (taken < state.ready.length && !draft.full) {
    const ref = state.ready[taken] as NodeRef;
    taken += 1;
    if (!isGivenUp(state, ref.scope) || isFailing(ref)) step(draft, ref);
  }
  state.ready.splice(0, taken);
  if (state.ready.length === 0) conclude(draft);
}

/** A container hears of its failed iteration even while its own scope fails, so that a retry finds it failed. */
function isFailing(ref: NodeRef): boolean {
  const { run, status } = nodeState(ref);
  return status === 'running' && run !== null && run.error !== null;
}

function start(draft: Draft): void {
  const { timeoutMs } = draft.state.plan;
  const deadline = timeoutMs === null ? undefined : { timerId: draft.id(), at: draft.now + timeoutMs };
  draft.emit('execution.started', deadline === undefined ? {} : { deadline });
}

function conclude(draft: Draft): void {
  const { state } = draft;
  if (state.tasks.size > 0) return;
  if (state.failure !== null) draft.emit('execution.failed', state.failure);
  else if (state.root.open === 0) draft.emit('execution.completed', { output: outputOf(state.root) });
}

function taskCompleted(draft: Draft, command: Extract<Command, { type: 'task-completed' }>): void {
  const ref = atWork(draft.state, command.path, command.attempt);
  if (ref === undefined) return;
  const { output, port } = command.result;
  draft.emit('node.completed', { path: command.path, port: port ?? ref.node.mainPort, output: output ?? null });
}

function taskFailed(draft: Draft, path: string, attempt: number, error: ErrorInfo): void {
  const ref = atWork(draft.state, path, attempt);
  if (ref === undefined) return;
  const again = nextAttempt(ref.node.retry, attempt - nodeState(ref).attemptsBefore, error, draft.random());
  if (again === null) return fail(draft, ref, error);
  const until = draft.now + again.delayMs;
  const deadline = deadlineOf(ref);
  if (deadline !== null && until >= deadline) return fail(draft, ref, tooLate(ref, error));
  const timerId = isGivenUp(draft.state, ref.scope) ? null : draft.id();
  draft.emit('node.retrying', { path, attempt, error, timerId, until, ...(again.counted ? {} : { uncounted: true }) });
}

/** The error of a node whose deadline comes before its next attempt. */
function tooLate(ref: NodeRef, error: ErrorInfo): ErrorInfo {
  const message = `The deadline of ${ref.node.deadlineMs} ms leaves no time for another attempt; the last error: ${error.message}`;
  return placed(ref, new MyelinError('timeout', message, { last: error }).toInfo());
}

/** The task's node, if this attempt of it is the one at work. */
function atWork(state: ExecutionState, path: string, attempt: number): NodeRef | undefined {
  const ref = state.tasks.get(path);
  return ref !== undefined && nodeState(ref).attempt === attempt ? ref : undefined;
}

function timerFired(draft: Draft, timerId: string): void {
  const { state } = draft;
  if (timerId === state.deadline) {
    const error = new MyelinError('timeout', `The execution took longer than ${state.plan.timeoutMs} ms.`).toInfo();
    return draft.emit('execution.failing', { error });
  }
  const wait = state.waits.get(timerId);
  if (wait === undefined) return;
  if (wait.reason === 'retry') return draft.emit('node.woken', { path: pathOf(wait) });
  completeWait(draft, wait, inputOf(state, wait));
}

function childEnded(draft: Draft, executionId: string, outcome: Outcome): void {
  const wait = draft.state.waits.get(executionId);
  if (wait === undefined) return;
  if (outcome.status === 'completed') return completeWait(draft, wait, outcome.output);
  const reason = outcome.error?.message ?? `it was ${outcome.status}`;
  const error = new MyelinError('child_failed', `Child execution ${executionId} failed: ${reason}`, {
    executionId,
    error: outcome.error,
  });
  fail(draft, wait, placed(wait, error.toInfo()));
}

function completeWait(draft: Draft, ref: NodeRef, output: unknown): void {
  draft.emit('node.completed', { path: pathOf(ref), port: ref.node.mainPort, output: output ?? null });
}

/** Tasks whose process died go by the effect of their node. */
function recover(draft: Draft): void {
  for (const [path, ref] of [...draft.state.tasks]) {
    const { attempt, crashes } = nodeState(ref);
    const { effect, retry, type } = ref.node;
    if (effect === 'irreversible') {
      // Not by `onError`: nobody knows what happened, and only a person can find out.
      draft.emit('node.failed', { path, error: placed(ref, new MyelinError('in_doubt').toInfo()), port: null });
    } else if (crashes + 1 >= Math.max(CRASHES, retry.attempts)) {
      fail(draft, ref, placed(ref, new MyelinError('crash_loop').toInfo()));
    } else if (effect === 'reconcilable' && isTask(type) && type.reconcile !== undefined) {
      draft.emit('node.started', { path, attempt: attempt + 1, reconcile: true });
    } else {
      const error = new MyelinError('interrupted').toInfo();
      draft.emit('node.retrying', { path, attempt, error, timerId: null, until: draft.now });
    }
  }
}
