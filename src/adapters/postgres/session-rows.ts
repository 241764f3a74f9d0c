/** Rows of sessions in the words of the port, and back. */
import type { SessionEvent } from '../../core/session/events.ts';
import { upcast } from '../../core/session/upcast.ts';
import type { SessionSummary, StoredSessionEvent, TimelineRow } from '../../ports/sessions.ts';
import type { Row } from './sql.ts';

/** Selected with `spilled`, the text of its blob. */
export function toEvent({ seq, type, version, at, data, spilled }: Row): StoredSessionEvent {
  const { executionId, by, ...own } = typeof spilled === 'string' ? JSON.parse(spilled) : data;
  const event: SessionEvent = upcast({ type, version, at, data: own });
  return { ...event, seq, ...(executionId !== undefined && { executionId }), ...(by !== undefined && { by }) };
}

/** A row of `agent_session_summary`. */
export function toSummary(row: Row): SessionSummary {
  return {
    id: row.session_id,
    projectId: row.project_id,
    key: row.key,
    agent: row.agent,
    userId: row.user_id,
    status: row.status,
    seq: row.seq,
    startedAt: row.started_at,
    lastActivity: row.last_activity,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    messageCount: row.message_count,
    modelCalls: row.model_calls,
    toolCalls: row.tool_calls,
    failedToolCalls: row.failed_tool_calls,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cost: row.cost,
    lastUserMessage: row.last_user_message,
    lastResponse: row.last_response,
    lastRole: row.last_role,
    intent: row.intent,
    category: row.category,
    tags: row.tags,
  };
}

/** As a row of `agent_session_summary`. */
export function fromSummary(one: SessionSummary): Row {
  return {
    session_id: one.id,
    project_id: one.projectId,
    key: one.key,
    agent: one.agent,
    user_id: one.userId,
    status: one.status,
    seq: one.seq,
    started_at: one.startedAt,
    last_activity: one.lastActivity,
    ended_at: one.endedAt,
    end_reason: one.endReason,
    message_count: one.messageCount,
    model_calls: one.modelCalls,
    tool_calls: one.toolCalls,
    failed_tool_calls: one.failedToolCalls,
    input_tokens: one.inputTokens,
    output_tokens: one.outputTokens,
    cost: one.cost,
    last_user_message: one.lastUserMessage,
    last_response: one.lastResponse,
    last_role: one.lastRole,
    intent: one.intent,
    category: one.category,
    tags: one.tags,
    listed_tags: fitIndex(one.tags) ? one.tags : null,
  };
}

/**
 * An entry of an index takes 2,704 bytes, and three names of 200 characters may take 2,400 of them: within 200 the
 * tags always fit. The form of an array adds 24, and up to 7 to each.
 */
function fitIndex(tags: readonly string[]): boolean {
  return 24 + tags.length * 7 + Buffer.byteLength(tags.join('')) <= 200;
}

/** Of a row of `sessions`, before anything is projected. */
export function blankSummary(head: Row): SessionSummary {
  return {
    id: head.id,
    projectId: head.project_id,
    key: head.key,
    agent: head.agent,
    userId: head.user_id,
    status: 'active',
    seq: 0,
    startedAt: head.started_at,
    lastActivity: head.started_at,
    endedAt: null,
    endReason: null,
    messageCount: 0,
    modelCalls: 0,
    toolCalls: 0,
    failedToolCalls: 0,
    inputTokens: 0,
    outputTokens: 0,
    cost: 0,
    lastUserMessage: null,
    lastResponse: null,
    lastRole: null,
    intent: null,
    category: head.category,
    tags: head.tags ?? [],
  };
}

export function toTimelineRow({ seq, at, kind, content, execution_id, data }: Row): TimelineRow {
  return { seq, at, kind, content, executionId: execution_id, data };
}
