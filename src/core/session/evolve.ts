/** The fold of a session: its events, and the meaning of each. A missing one does not compile. */
import * as calls from './apply/calls.ts';
import * as life from './apply/life.ts';
import * as talk from './apply/talk.ts';
import type { SessionEvent, SessionEventType } from './events.ts';
import { type Apply, newState, type SessionState } from './state.ts';

const APPLY: { readonly [T in SessionEventType]: Apply<T> } = {
  'agent.session.started': life.started,
  'user.message.received': talk.userMessage,
  'intent.classified': talk.intentClassified,
  'llm.requested': calls.modelRequested,
  'llm.responded': calls.modelResponded,
  'tool.invoked': calls.toolInvoked,
  'tool.completed': calls.toolCompleted,
  'chain.step': talk.chainStep,
  'agent.response.generated': talk.response,
  'session.context.updated': life.contextUpdated,
  'agent.session.ended': life.ended,
  'agent.session.reopened': life.reopened,
};

/** The state after the event. Changed in place; the same object comes back. */
export function evolve(state: SessionState, event: SessionEvent): SessionState {
  state.seq += 1;
  state.lastActivity = Math.max(state.lastActivity, event.at);
  (APPLY[event.type] as Apply<SessionEventType>)(state, event);
  return state;
}

export function fold(events: Iterable<SessionEvent>, from: SessionState = newState()): SessionState {
  let state = from;
  for (const event of events) state = evolve(state, event);
  return state;
}

export const SESSION_EVENT_TYPES = Object.keys(APPLY) as readonly SessionEventType[];
