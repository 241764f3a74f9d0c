/** Events of sessions, for tests of the store, the projector and the API. */
import type { SessionEvent, SessionEventData, SessionEventOf, SessionEventType } from '../core/session/events.ts';
import type { SessionAppend } from '../ports/sessions.ts';
import type { Store } from '../ports/store.ts';
import { SESSION_FOLDS } from '../projections/sessions.ts';
import { NOW, newId, newName } from './factories.ts';

function sessionEvent<T extends SessionEventType>(
  type: T,
  data: SessionEventData[T],
  over: { readonly at?: number; readonly executionId?: string } = {},
): SessionEventOf<T> & SessionEvent {
  return { type, at: NOW, data, ...over } as SessionEventOf<T> & SessionEvent;
}

export const said = (content: string, at: number = NOW) =>
  sessionEvent('user.message.received', { messageId: newId(), content }, { at });

export const answered = (content: string, at: number = NOW) =>
  sessionEvent('agent.response.generated', { responseId: newId(), content, contentType: 'text' }, { at });

export const responded = (over: Partial<SessionEventData['llm.responded']> = {}, at: number = NOW) =>
  sessionEvent('llm.responded', { requestId: newId(), model: 'scripted:a', latencyMs: 40, ...over }, { at });

export const toolDone = (success = true, at: number = NOW) =>
  sessionEvent(
    'tool.completed',
    { invocationId: newId(), tool: 'search', success, output: 'found', durationMs: 5 },
    { at },
  );

export const remembered = (key: string, newValue: string | null, at: number = NOW) =>
  sessionEvent('session.context.updated', { updateType: 'memory', key, newValue }, { at });

export const over = (at: number = NOW) =>
  sessionEvent(
    'agent.session.ended',
    { reason: 'completed', summary: 'all said', durationSeconds: 3, messageCount: 2 },
    { at },
  );

interface Begin {
  readonly key?: string;
  readonly agent?: string;
  readonly userId?: string | null;
  readonly at?: number;
  readonly events?: readonly SessionEvent[];
  readonly category?: string;
  readonly tags?: readonly string[];
}

/** An append that begins a session, where its key is new. */
export function sessionAppend(begin: Begin = {}): SessionAppend {
  const { key = newName(), agent = 'helper', userId = 'ada', at = NOW, events = [], category, tags } = begin;
  return {
    newId: newId(),
    start: sessionEvent('agent.session.started', { key, agent, userId }, { at }),
    events,
    ...(category !== undefined && { category }),
    ...(tags !== undefined && { tags }),
  };
}

/** Projects until nothing is left. */
export async function projectAll(store: Store): Promise<void> {
  while ((await store.sessions.project(100, SESSION_FOLDS)).length > 0);
}
