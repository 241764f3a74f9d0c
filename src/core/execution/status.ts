/** The state machine of an execution. What the table does not list throws `illegal_transition`. */
import { MyelinError } from '../errors.ts';

export const STATUSES = ['pending', 'running', 'waiting', 'completed', 'failed', 'canceled'] as const;
export type Status = (typeof STATUSES)[number];

const NEXT: Readonly<Record<Status, readonly Status[]>> = {
  pending: ['running', 'canceled'],
  running: ['waiting', 'completed', 'failed', 'canceled'],
  waiting: ['running', 'completed', 'failed', 'canceled'],
  completed: [],
  failed: ['pending'],
  canceled: [],
};

export function canMove(from: Status, to: Status): boolean {
  return NEXT[from].includes(to);
}

/** `to`, where the table allows the step from `from`; throws `illegal_transition`. */
export function move(from: Status, to: Status): Status {
  if (canMove(from, to)) return to;
  throw new MyelinError('illegal_transition', `An execution that is ${from} cannot become ${to}.`);
}

export function hasEnded(status: Status): boolean {
  return status === 'completed' || status === 'failed' || status === 'canceled';
}
