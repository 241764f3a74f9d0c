/** All events of an execution, and the meaning of each. A missing one does not compile. */
import type { ExecutionState } from '../state.ts';
import * as callbackReceived from './callback-received.ts';
import * as containerOpened from './container-opened.ts';
import type { Apply } from './event.ts';
import * as canceled from './execution-canceled.ts';
import * as compensated from './execution-compensated.ts';
import * as compensating from './execution-compensating.ts';
import * as compensationFailed from './execution-compensation-failed.ts';
import * as completed from './execution-completed.ts';
import * as created from './execution-created.ts';
import * as failed from './execution-failed.ts';
import * as failing from './execution-failing.ts';
import * as gathered from './execution-gathered.ts';
import * as paused from './execution-paused.ts';
import * as resumed from './execution-resumed.ts';
import * as retried from './execution-retried.ts';
import * as started from './execution-started.ts';
import * as iterationStarted from './iteration-started.ts';
import * as messageEmitted from './message-emitted.ts';
import * as nodeCompensating from './node-compensating.ts';
import * as nodeCompleted from './node-completed.ts';
import * as nodeFailed from './node-failed.ts';
import * as nodeRetrying from './node-retrying.ts';
import * as nodeSignaled from './node-signaled.ts';
import * as nodeSkipped from './node-skipped.ts';
import * as nodeStarted from './node-started.ts';
import * as nodeWaiting from './node-waiting.ts';
import * as nodeWoken from './node-woken.ts';
import * as responseSent from './response-sent.ts';
import * as sagaCompensating from './saga-compensating.ts';

export type ExecutionEvent =
  | created.ExecutionCreated
  | gathered.ExecutionGathered
  | started.ExecutionStarted
  | completed.ExecutionCompleted
  | failing.ExecutionFailing
  | failed.ExecutionFailed
  | canceled.ExecutionCanceled
  | retried.ExecutionRetried
  | paused.ExecutionPaused
  | resumed.ExecutionResumed
  | compensating.ExecutionCompensating
  | compensated.ExecutionCompensated
  | compensationFailed.ExecutionCompensationFailed
  | containerOpened.ContainerOpened
  | iterationStarted.IterationStarted
  | nodeStarted.NodeStarted
  | nodeWaiting.NodeWaiting
  | nodeRetrying.NodeRetrying
  | nodeWoken.NodeWoken
  | nodeCompleted.NodeCompleted
  | nodeFailed.NodeFailed
  | nodeSkipped.NodeSkipped
  | nodeSignaled.NodeSignaled
  | nodeCompensating.NodeCompensating
  | sagaCompensating.SagaCompensating
  | callbackReceived.CallbackReceived
  | responseSent.ResponseSent
  | messageEmitted.MessageEmitted;

export type EventType = ExecutionEvent['type'];
type Of<T extends EventType> = Extract<ExecutionEvent, { type: T }>;
export type EventData<T extends EventType> = Of<T>['data'];

const APPLY: { readonly [T in EventType]: Apply<Of<T>> } = {
  'execution.created': created.apply,
  'execution.gathered': gathered.apply,
  'execution.started': started.apply,
  'execution.completed': completed.apply,
  'execution.failing': failing.apply,
  'execution.failed': failed.apply,
  'execution.canceled': canceled.apply,
  'execution.retried': retried.apply,
  'execution.paused': paused.apply,
  'execution.resumed': resumed.apply,
  'execution.compensating': compensating.apply,
  'execution.compensated': compensated.apply,
  'execution.compensation_failed': compensationFailed.apply,
  'container.opened': containerOpened.apply,
  'iteration.started': iterationStarted.apply,
  'node.started': nodeStarted.apply,
  'node.waiting': nodeWaiting.apply,
  'node.retrying': nodeRetrying.apply,
  'node.woken': nodeWoken.apply,
  'node.completed': nodeCompleted.apply,
  'node.failed': nodeFailed.apply,
  'node.skipped': nodeSkipped.apply,
  'node.signaled': nodeSignaled.apply,
  'node.compensating': nodeCompensating.apply,
  'saga.compensating': sagaCompensating.apply,
  'callback.received': callbackReceived.apply,
  'response.sent': responseSent.apply,
  'message.emitted': messageEmitted.apply,
};

/** The state after the event. Changed in place; the same object comes back. */
export function evolve(state: ExecutionState, event: ExecutionEvent): ExecutionState {
  state.at = event.at;
  (APPLY[event.type] as Apply<ExecutionEvent>)(state, event);
  state.seq += 1;
  return state;
}
