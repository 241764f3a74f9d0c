/** `agent_session_summary`: one row for each session, for lists. */
import { textOf } from '../core/conversation.ts';
import type { Json } from '../core/json.ts';
import type { SessionEvent, SessionEventType } from '../core/session/events.ts';
import { plainText } from '../core/session/plain-text.ts';
import type { SessionSummary, StoredSessionEvent } from '../ports/sessions.ts';

/** Characters of the last message and response that a list shows. */
const SHOWN = 500;

type Change<T extends SessionEventType> = (
  row: SessionSummary,
  event: Extract<SessionEvent, { type: T }>,
) => Partial<SessionSummary>;

const NOTHING = () => ({});

const CHANGES: { readonly [T in SessionEventType]: Change<T> } = {
  'agent.session.started': (_, { at, data }) => ({
    agent: plainText(data.agent, 200),
    userId: data.userId === null ? null : plainText(data.userId, 200),
    startedAt: at,
  }),
  'user.message.received': (row, { data }) => ({
    messageCount: row.messageCount + 1,
    lastUserMessage: plainText(textOf(data.content), SHOWN),
    lastRole: 'user',
  }),
  'intent.classified': (_, { data }) => ({ intent: plainText(data.intent, 200) }),
  'llm.requested': NOTHING,
  'llm.responded': (row, { data: { usage, cost } }) => ({
    modelCalls: row.modelCalls + 1,
    inputTokens: row.inputTokens + (usage?.inputTokens ?? 0),
    outputTokens: row.outputTokens + (usage?.outputTokens ?? 0),
    cost: row.cost + (cost ?? 0),
  }),
  'tool.invoked': NOTHING,
  'tool.completed': (row, { data }) => ({
    toolCalls: row.toolCalls + 1,
    failedToolCalls: row.failedToolCalls + (data.success ? 0 : 1),
  }),
  'chain.step': NOTHING,
  'agent.response.generated': (row, { data }) => ({
    messageCount: row.messageCount + 1,
    lastResponse: plainText(shown(data.content), SHOWN),
    lastRole: 'agent',
  }),
  'session.context.updated': NOTHING,
  'agent.session.ended': (_, { at, data }) => ({ status: 'ended', endedAt: at, endReason: data.reason }),
  'agent.session.reopened': () => ({ status: 'active', endedAt: null, endReason: null }),
};

export function summarize(row: SessionSummary, event: StoredSessionEvent): SessionSummary {
  const lastActivity = Math.max(row.lastActivity, event.at);
  return { ...row, seq: event.seq, lastActivity, ...(CHANGES[event.type] as Change<SessionEventType>)(row, event) };
}

/** A structured answer as JSON. */
export const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
