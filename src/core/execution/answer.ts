/** Answers from outside, and the timers of those who wait for one: the node type says what comes of each. */
import { toErrorInfo } from '../errors.ts';
import type { Heard } from '../node-type.ts';
import type { Draft } from './draft.ts';
import type { ExecutionState, Wait } from './state.ts';
import { pathOf } from './state.ts';
import { hasEnded } from './status.ts';
import { fail, follow, hear, inputFor, placed } from './step.ts';

/** An answer that comes too late, or to nobody, decides nothing. */
export function answer(draft: Draft, waitId: string, given: unknown): void {
  const wait = draft.state.waits.get(waitId);
  if (wait !== undefined) tell(draft, wait, waitId, { answer: given });
}

/** Kept of callbacks that came before a node waited; whoever sends more has lost his way. */
const MOST_EARLY = 100;

/** To the node that waits for it; where none does yet, it is kept, unless there will be none. */
export function callback(draft: Draft, node: string | undefined, given: unknown): void {
  if (hasEnded(draft.state.status)) return;
  const [waitId] = openCallback(draft.state, node) ?? [];
  if (waitId !== undefined) return answer(draft, waitId, given);
  if (draft.state.callbacks.length >= MOST_EARLY) return;
  draft.emit('callback.received', node === undefined ? { answer: given } : { node, answer: given });
}

function openCallback(state: ExecutionState, node: string | undefined): [id: string, wait: Wait] | undefined {
  for (const [id, wait] of state.waits) {
    if (wait.reason !== 'callback' || wait.timer !== undefined) continue;
    if (node === undefined || wait.node.id === node) return [id, wait];
  }
  return undefined;
}

export function timerRang(draft: Draft, wait: Wait, { name, waitId }: NonNullable<Wait['timer']>): void {
  tell(draft, wait, waitId, { timer: name });
}

function tell(draft: Draft, wait: Wait, waitId: string, heard: Heard): void {
  const input = inputFor(draft, wait);
  draft.emit('node.signaled', { path: pathOf(wait), waitId, heard });
  try {
    follow(draft, wait, hear(wait, wait.details, heard, input), input.json, waitId);
  } catch (thrown) {
    fail(draft, wait, placed(wait, toErrorInfo(thrown)));
  }
}
