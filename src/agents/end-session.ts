import { MyelinError } from '../core/errors.ts';
import type { SessionEventData, SessionEventOf } from '../core/session/events.ts';
import type { SessionStore, SessionSummary } from '../ports/sessions.ts';
import { sessionStateAt } from './session-state.ts';

type EndData = SessionEventData['agent.session.ended'];

/** Throws `session_conflict` where others have written since the session was read, `session_ended` where it has ended. */
export async function endSession(
  store: Pick<SessionStore, 'append' | 'snapshot' | 'events'>,
  session: SessionSummary,
  at: number,
  why: Pick<EndData, 'reason' | 'summary'>,
): Promise<void> {
  if (session.status === 'ended') throw new MyelinError('session_ended', `The session ${session.key} has ended.`);
  const { counters } = await sessionStateAt(store, session, session.seq);
  const durationSeconds = Math.max(0, Math.round((at - session.startedAt) / 1_000));
  const data: EndData = { ...why, durationSeconds, messageCount: counters.messages };
  const end: SessionEventOf<'agent.session.ended'> = { type: 'agent.session.ended', at, data };
  await store.append(session.projectId, { newId: session.id, start: startOf(session), events: [end] }, session.seq);
}

/** Names a session that is there; never written again. */
export function startOf({
  key,
  agent,
  userId,
  startedAt: at,
}: SessionSummary): SessionEventOf<'agent.session.started'> {
  return { type: 'agent.session.started', at, data: { key, agent, userId } };
}
