/** What a person can do with an execution, and with a node of it, as they are; the server has the last word. */

import type { Execution, ExecutionNode } from '../../../../../src/contract/executions.ts';
import { hasEnded, type Status } from '../../../../../src/core/execution/status.ts';

export interface Possible {
  readonly pause: boolean;
  readonly resume: boolean;
  readonly cancel: boolean;
  /** Undo what was done, by the compensations of its nodes. */
  readonly compensate: boolean;
  readonly retry: boolean;
  readonly remove: boolean;
}

type Seen = Pick<Execution, 'status' | 'waitingFor'>;

/** `hasCompensations`: some node of the document names one. */
export function possibleFor({ status, waitingFor }: Seen, hasCompensations: boolean): Possible {
  const isPaused = waitingFor.some(({ reason }) => reason === 'paused');
  // One that has no place yet hears of it only when it has one.
  const isQueued = waitingFor.some(({ reason }) => reason === 'capacity' || reason === 'gather');
  const isOpen = !hasEnded(status);
  return {
    pause: isOpen && !isPaused && !isQueued && status !== 'compensating',
    resume: isOpen && isPaused,
    cancel: isOpen,
    compensate: hasCompensations && (status === 'failed' || (isOpen && status !== 'compensating')),
    retry: status === 'failed' || status === 'compensation_failed',
    remove: hasEnded(status),
  };
}

export interface PossibleHere {
  readonly retryFrom: boolean;
  readonly skip: boolean;
  readonly resolve: boolean;
}

const HAD_ITS_TURN: readonly ExecutionNode['status'][] = ['running', 'waiting', 'completed', 'failed', 'canceled'];
const SKIPPABLE: readonly ExecutionNode['status'][] = ['running', 'waiting', 'failed'];

export function possibleHere(status: Status, node: Pick<ExecutionNode, 'status' | 'error' | 'port'>): PossibleHere {
  const isUnhandled = node.status === 'failed' && node.port === null;
  const inDoubt = isUnhandled && node.error?.code === 'in_doubt';
  const mayGoOn = !hasEnded(status) || status === 'failed' || status === 'compensation_failed';
  return {
    retryFrom: status === 'failed' && HAD_ITS_TURN.includes(node.status) && !inDoubt,
    skip: mayGoOn && SKIPPABLE.includes(node.status) && (node.status !== 'failed' || isUnhandled) && !inDoubt,
    resolve: inDoubt && mayGoOn,
  };
}
