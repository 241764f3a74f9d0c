/** Sessions as the contract shows them: times are ISO strings, and nobody reads the project. */
import type { Session, SessionEventAnswer, SessionStateAnswer } from '../contract/sessions.ts';
import type { SessionState } from '../core/session/state.ts';
import type { SessionSummary, StoredSessionEvent } from '../ports/sessions.ts';

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

export function sessionView({
  projectId: _,
  tags,
  startedAt,
  lastActivity,
  endedAt,
  ...same
}: SessionSummary): Session {
  return {
    ...same,
    tags: [...tags],
    startedAt: iso(startedAt),
    lastActivity: iso(lastActivity),
    endedAt: isoOrNull(endedAt),
  };
}

export function eventView({ seq, type, at, data, executionId, by }: StoredSessionEvent): SessionEventAnswer {
  return { seq, type, at: iso(at), executionId: executionId ?? null, by: by ?? null, data };
}

export function timed<T extends { readonly at: number }>(row: T): Omit<T, 'at'> & { at: string } {
  return { ...row, at: iso(row.at) };
}

export function stateView(state: SessionState): SessionStateAnswer {
  const { startedAt, lastActivity, endedAt, messages, openModelCalls, openToolCalls, ...same } = state;
  return {
    ...same,
    startedAt: iso(startedAt),
    lastActivity: iso(lastActivity),
    endedAt: isoOrNull(endedAt),
    messages: messages.map(timed),
    openModelCalls: Object.entries(openModelCalls).map(([requestId, call]) => ({ requestId, ...timed(call) })),
    openToolCalls: Object.entries(openToolCalls).map(([invocationId, call]) => ({ invocationId, ...timed(call) })),
  };
}
