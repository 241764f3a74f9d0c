import type { AwaitKind } from '../../node-type.ts';
import { dropWaitsOf } from '../call-off.ts';
import { accountsOf } from '../charge.ts';
import type { ExecutionState, NodeRef } from '../state.ts';
import { nodeState } from '../state.ts';
import type { Apply, EventOf } from './event.ts';
import { locate, settleStatus } from './locate.ts';

/** The node waits: for a timer, for a child execution, or for an answer from outside with timers of its own. */
export type NodeWaiting = EventOf<
  'node.waiting',
  { readonly path: string; readonly for: TimerWait | ChildWait | AnswerWait }
>;

interface TimerWait {
  readonly timerId: string;
  readonly until: number;
}

interface ChildWait {
  readonly executionId: string;
  readonly workflow: string;
  readonly input: unknown;
}

/** With a `waitId` that it had before, it waits on, and only details and timers are others. */
interface AnswerWait {
  readonly waitId: string;
  readonly kind: AwaitKind;
  readonly details: unknown;
  readonly timers: readonly { readonly timerId: string; readonly name: string; readonly at: number }[];
}

export const apply: Apply<NodeWaiting> = (state, { at, data }) => {
  const ref = locate(state, data.path);
  const node = nodeState(ref);
  if (node.status === 'waiting') dropWaitsOf(state, ref, { goesOn: true });
  else node.startedAt = at;
  node.status = 'waiting';
  if ('timerId' in data.for) {
    const { timerId, until } = data.for;
    node.waits = [timerId];
    state.waits.set(timerId, { ...ref, reason: 'timer', until });
    state.due.push({ kind: 'arm', timerId, at: until });
  } else if ('executionId' in data.for) {
    node.waits = [data.for.executionId];
    state.waits.set(data.for.executionId, { ...ref, reason: 'child', until: null });
    state.due.push({ kind: 'child', path: data.path, wait: true, accounts: accountsOf(state, ref), ...data.for });
  } else {
    awaitAnswer(state, ref, data.path, data.for);
  }
  settleStatus(state);
};

function awaitAnswer(state: ExecutionState, ref: NodeRef, path: string, wait: AnswerWait): void {
  const { waitId, kind, details, timers } = wait;
  nodeState(ref).waits = [waitId, ...timers.map((timer) => timer.timerId)];
  state.waits.set(waitId, { ...ref, reason: kind, until: null, details });
  state.due.push({ kind: 'await', waitId, path, as: kind, details });
  for (const { timerId, name, at } of timers) {
    state.waits.set(timerId, { ...ref, reason: kind, until: at, details, timer: { name, waitId } });
    state.due.push({ kind: 'arm', timerId, at });
  }
}
