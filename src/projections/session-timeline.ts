/** `message_timeline`: what happened in a session, one line each, as a person reads it and as it is searched. */
import { namedText } from '../core/conversation.ts';
import type { Json } from '../core/json.ts';
import type { SessionEvent, SessionEventType } from '../core/session/events.ts';
import { plainText } from '../core/session/plain-text.ts';
import type { StoredSessionEvent, TimelineRow } from '../ports/sessions.ts';
import { shown } from './session-summary.ts';

/** Characters of a line. */
const SHOWN = 1_000;

interface Line {
  readonly kind: TimelineRow['kind'];
  readonly content: string;
  readonly data?: Json;
}
type Tell<T extends SessionEventType> = (event: Extract<SessionEvent, { type: T }>) => Line | undefined;

const UNTOLD = () => undefined;

const TELL: { readonly [T in SessionEventType]: Tell<T> } = {
  'agent.session.started': UNTOLD,
  'user.message.received': ({ data: { content, untrusted, messageId } }) => ({
    kind: 'user',
    content: namedText(content),
    data: { messageId, ...(untrusted === true && { untrusted }) },
  }),
  'intent.classified': ({ data: { intent, confidence } }) => ({
    kind: 'intent',
    content: intent,
    data: { confidence },
  }),
  'llm.requested': UNTOLD,
  // What it says is told by the response it leads to.
  'llm.responded': ({ data: { requestId, model, error } }) =>
    error && { kind: 'model', content: `${error.code}: ${error.message}`, data: { model, requestId } },
  'tool.invoked': ({ data: { invocationId, tool, arguments: sent, requested, approvedBy } }) =>
    requested === undefined
      ? undefined
      : {
          kind: 'tool',
          content: `${approvedBy ?? 'A person'} changed the arguments to ${shown(sent)}; wanted were ${shown(requested)}`,
          data: { tool, invocationId },
        },
  'tool.completed': ({ data: { invocationId, tool, success, output, error, durationMs } }) => ({
    kind: 'tool',
    content: success ? shown(output ?? null) : `${error?.code ?? 'failed'}: ${error?.message ?? ''}`,
    data: { tool, success, durationMs, invocationId },
  }),
  'chain.step': ({ data: { step, thought } }) => ({ kind: 'thought', content: thought, data: { step } }),
  'agent.response.generated': ({ data: { content, confidence, responseId }, by }) => ({
    kind: 'agent',
    content: shown(content),
    data: { responseId, ...(confidence !== undefined && { confidence }), ...(by !== undefined && { by: { ...by } }) },
  }),
  'session.context.updated': ({ data: { updateType, key, newValue } }) => ({
    kind: 'context',
    content: newValue === null ? `${key} is forgotten` : `${key}: ${shown(newValue)}`,
    data: { updateType, key, forgotten: newValue === null },
  }),
  'agent.session.ended': UNTOLD,
  'agent.session.reopened': UNTOLD,
};

export function timelineRow(event: StoredSessionEvent): TimelineRow | undefined {
  const line = (TELL[event.type] as Tell<SessionEventType>)(event);
  if (line === undefined) return undefined;
  const { kind, content, data = null } = line;
  const executionId = event.executionId ?? null;
  return { seq: event.seq, at: event.at, kind, content: plainText(content, SHOWN), executionId, data };
}
