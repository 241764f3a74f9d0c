/** The state machine of an execution. What the table does not list throws `illegal_transition`. */
import { MyelinError } from '../errors.ts';

export const STATUSES = [
  'pending',
  'running',
  'waiting',
  'compensating',
  'completed',
  'failed',
  'canceled',
  'compensated',
  'compensation_failed',
] as const;
export type Status = (typeof STATUSES)[number];

const NEXT: Readonly<Record<Status, readonly Status[]>> = {
  pending: ['running', 'canceled'],
  running: ['waiting', 'completed', 'failed', 'canceled', 'compensating'],
  waiting: ['running', 'completed', 'failed', 'canceled', 'compensating'],
  compensating: ['compensated', 'compensation_failed'],
  completed: [],
  failed: ['pending', 'compensating'],
  canceled: [],
  compensated: [],
  compensation_failed: ['compensating'],
};

export function canMove(from: Status, to: Status): boolean {
  return NEXT[from].includes(to);
}

/** `to`, where the table allows the step from `from`; throws `illegal_transition`. */
export function move(from: Status, to: Status): Status {
  if (canMove(from, to)) return to;
  throw new MyelinError('illegal_transition', `An execution that is ${from} cannot become ${to}.`);
}

/** Ways to end. Out of `failed` and `compensation_failed` a person, or a rule, may lead it on. */
const ENDED = ['completed', 'failed', 'canceled', 'compensated', 'compensation_failed'] as const;
export type Ended = (typeof ENDED)[number];

/** What a person may cancel, and what a person may retry. Of a failed one only what it did may be undone by a cancel. */
export const CANCELABLE = ['pending', 'running', 'waiting', 'compensating'] as const satisfies readonly Status[];
export const RETRYABLE = ['failed', 'compensation_failed'] as const satisfies readonly Status[];

/** Nothing leads on from here. */
export function isFinal(status: Status): boolean {
  return NEXT[status].length === 0;
}

/** It has something to do by itself: without an owner it is in the queue. */
export function isActive(status: Status): boolean {
  return status === 'pending' || status === 'running' || status === 'compensating';
}

/** The event by which an execution ends. */
export function isEnd(eventType: string): boolean {
  return ENDED.some((status) => eventType === `execution.${status}`);
}

export function hasEnded(status: Status): status is Ended {
  return (ENDED as readonly Status[]).includes(status);
}
