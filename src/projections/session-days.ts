/** `agent_performance_daily`: what a session adds to each day (UTC) on which something happened in it. */
import type { SessionEvent, SessionEventType } from '../core/session/events.ts';
import { DAY_COUNTS, type DayCounts, type SessionDay, type StoredSessionEvent } from '../ports/sessions.ts';

type Count<T extends SessionEventType> = (event: Extract<SessionEvent, { type: T }>) => Partial<DayCounts>;

const NOTHING = () => ({});

const COUNTS: { readonly [T in SessionEventType]: Count<T> } = {
  'agent.session.started': () => ({ sessions: 1 }),
  'user.message.received': () => ({ messages: 1 }),
  'intent.classified': NOTHING,
  'llm.requested': NOTHING,
  'llm.responded': ({ data: { usage, cost, latencyMs, error } }) => ({
    modelCalls: 1,
    failedModelCalls: error === undefined ? 0 : 1,
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    cost: cost ?? 0,
    latencyMs: Math.round(latencyMs),
  }),
  'tool.invoked': NOTHING,
  'tool.completed': ({ data }) => ({ toolCalls: 1, failedToolCalls: data.success ? 0 : 1 }),
  'chain.step': NOTHING,
  'agent.response.generated': () => ({ messages: 1, responses: 1 }),
  'session.context.updated': NOTHING,
  'agent.session.ended': NOTHING,
  'agent.session.reopened': NOTHING,
};

/** Days in order, without those that nothing is added to. */
export function dayCounts(events: readonly StoredSessionEvent[]): SessionDay[] {
  const days = new Map<string, Record<keyof DayCounts, number>>();
  for (const event of events) {
    const added = Object.entries((COUNTS[event.type] as Count<SessionEventType>)(event));
    if (added.length === 0) continue;
    const day = new Date(event.at).toISOString().slice(0, 10);
    const counts = days.get(day) ?? zero();
    for (const [name, count] of added) counts[name as keyof DayCounts] += count;
    days.set(day, counts);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, counts]) => ({ day, counts }));
}

function zero(): Record<keyof DayCounts, number> {
  return Object.fromEntries(DAY_COUNTS.map((name) => [name, 0])) as Record<keyof DayCounts, number>;
}
