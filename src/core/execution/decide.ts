/**
 * Commands in, events out. The state handed in moves along with the events, so the caller never evolves what it
 * has just decided. A command that comes too late (a timer of a node that went on, a result of an attempt that was
 * replaced) decides nothing.
 */
import { type ErrorInfo, MyelinError } from '../errors.ts';
import { directorOf, type FailedAttempt, isTask } from '../node-type.ts';
import { nextAttempt } from '../retry.ts';
import { answer as answered, callback, timerRang } from './answer.ts';
import type { Command, DecisionEnv, Outcome } from './command.ts';
import { mustUndo, unwind, unwindSagas } from './compensate.ts';
import { cancel, pause, resume, retry, skip } from './control.ts';
import type { Demand } from './demand.ts';
import { doubted, doubtedChild, doubtedEnd } from './doubt.ts';
import { Draft } from './draft.ts';
import type { ExecutionEvent } from './events/index.ts';
import { masked } from './masked.ts';
import { inputOf, knownOf } from './node-env.ts';
import { outputOf } from './outputs.ts';
import type { ExecutionState, NodeRef } from './state.ts';
import { deadlineOf, isGivenUp, nodeState, pathOf } from './state.ts';
import { hasEnded } from './status.ts';
import { fail, placed, step } from './step.ts';

/** Attempts that may end with the process before the node is held to be the cause (fault F7). */
const CRASHES = 3;

/** The events the command causes, at most about 256; more may follow from `advance` while `hasMore`. */
export function decide(state: ExecutionState, command: Command, env: DecisionEnv): ExecutionEvent[] {
  const draft = new Draft(state, env);
  answer(draft, masked(state, command));
  if (command.type !== 'create') advance(draft);
  return draft.events;
}

/** True while another `advance` has something to do. */
export function hasMore(state: ExecutionState): boolean {
  if (hasEnded(state.status)) return false;
  return state.status === 'pending' || (state.ready.length > 0 && !state.paused);
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
    case 'gather':
      return draft.state.status === 'pending'
        ? draft.emit('execution.gathered', { triggers: command.triggers })
        : undefined;
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
    case 'answer':
      return answered(draft, command.waitId, command.answer);
    case 'callback':
      return callback(draft, command.node, command.answer);
    case 'cancel':
      return cancel(draft, command);
    case 'pause':
      return pause(draft, command);
    case 'resume':
      return resume(draft, command);
    case 'retry':
      return retry(draft, command);
    case 'skip':
      return skip(draft, command);
    case 'recover':
      return recover(draft);
  }
}

/** Gives every node whose turn it is its step, then ends what has come to its end. */
function advance(draft: Draft): void {
  const { state } = draft;
  if (state.status === 'pending') start(draft);
  while (!hasEnded(state.status) && !state.paused && !draft.full) {
    stepAll(draft);
    if (state.ready.length > 0) return;
    unwindSagas(draft);
    if (state.ready.length === 0) conclude(draft);
    if (state.ready.length === 0) return;
  }
}

function stepAll(draft: Draft): void {
  const { state } = draft;
  let taken = 0;
  while (taken < state.ready.length && !draft.full) {
    const ref = state.ready[taken] as NodeRef;
    taken += 1;
    if (!isGivenUp(state, ref) || isFailing(ref)) step(draft, ref);
  }
  state.ready.splice(0, taken);
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
  const { failure, tasks, root } = state;
  if (tasks.size > 0) return;
  if (state.status === 'compensating') return unwind(draft);
  if (failure === null) {
    if (root.open === 0) draft.emit('execution.completed', { output: outputOf(root) });
    return;
  }
  const { error, path } = failure;
  if (mustUndo(state)) {
    draft.emit('execution.compensating', { error: doubtedEnd(state, error), path });
    unwind(draft);
  } else if (error.code === 'canceled') draft.emit('execution.canceled', { reason: error.message });
  else draft.emit('execution.failed', { error: doubtedEnd(state, error), path });
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
  if (again === null) return fail(draft, ref, doubted(ref, error));
  const until = draft.now + again.delayMs;
  const deadline = deadlineOf(ref);
  if (deadline !== null && until >= deadline) return fail(draft, ref, doubted(ref, tooLate(ref, error), error));
  const instead = givenUp(draft, ref, { error, until });
  if (instead !== undefined)
    return fail(draft, ref, doubted(ref, instead === error ? error : placed(ref, instead), error));
  const timerId = isGivenUp(draft.state, ref) ? null : draft.id();
  draft.emit('node.retrying', { path, attempt, error, timerId, until, ...(again.counted ? {} : { uncounted: true }) });
}

/** Who chose the turn that the node belongs to may have something better to do than to try it again. */
function givenUp({ state, now }: Draft, ref: NodeRef, failed: FailedAttempt): ErrorInfo | undefined {
  const { container, iteration } = ref.scope;
  const director = container === null ? undefined : directorOf(container.node.type);
  if (container === null || director?.giveUp === undefined) return undefined;
  const known = knownOf(state, container, now);
  return director.giveUp(known, known.turns[iteration]!, failed);
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
  if (wait.timer !== undefined) return timerRang(draft, wait, wait.timer);
  if (wait.reason === 'retry') return draft.emit('node.woken', { path: pathOf(wait) });
  completeWait(draft, wait, inputOf(state, wait));
}

function childEnded(draft: Draft, executionId: string, outcome: Outcome): void {
  const wait = draft.state.waits.get(executionId);
  if (wait === undefined) return;
  if (outcome.status === 'completed') return completeWait(draft, wait, outcome.output);
  const reason = outcome.error?.message ?? `it was ${outcome.status}`;
  if (outcome.error?.code === 'in_doubt') {
    // Not by `onError`: what is in doubt below is in doubt here.
    const doubt = new MyelinError('in_doubt', `Child execution ${executionId} is in doubt: ${reason}`, { executionId });
    return draft.emit('node.failed', { path: pathOf(wait), error: placed(wait, doubt.toInfo()), port: null });
  }
  const error = new MyelinError('child_failed', `Child execution ${executionId} failed: ${reason}`, {
    executionId,
    error: outcome.error,
  });
  fail(draft, wait, placed(wait, doubtedChild(wait, error.toInfo()) ?? error.toInfo()));
}

function completeWait(draft: Draft, ref: NodeRef, output: unknown): void {
  draft.emit('node.completed', { path: pathOf(ref), port: ref.node.mainPort, output: output ?? null });
}

/** Tasks whose process died go by the effect of their node. That attempt does not count among those of its policy. */
function recover(draft: Draft): void {
  for (const [path, ref] of [...draft.state.tasks]) {
    const { attempt, crashes } = nodeState(ref);
    const { effect, retry, type } = ref.node;
    if (effect === 'irreversible') {
      fail(draft, ref, placed(ref, new MyelinError('in_doubt').toInfo()));
    } else if (crashes + 1 >= Math.max(CRASHES, retry.attempts)) {
      fail(draft, ref, placed(ref, new MyelinError('crash_loop').toInfo()));
    } else if (effect === 'reconcilable' && isTask(type) && type.reconcile !== undefined) {
      draft.emit('node.started', { path, attempt: attempt + 1, reconcile: true });
    } else {
      const error = new MyelinError('interrupted').toInfo();
      draft.emit('node.retrying', { path, attempt, error, timerId: null, until: draft.now, uncounted: true });
    }
  }
}
