/** What commits and callers append to sessions. */
import type { SessionEvent } from '../../core/session/events.ts';
import { plainText } from '../../core/session/plain-text.ts';
import { reopened } from '../../core/session/reopened.ts';
import { upcast, versionOf } from '../../core/session/upcast.ts';
import type { SessionAppend, SessionSummary, StoredSessionEvent } from '../../ports/sessions.ts';
import type { Commit } from '../../ports/store.ts';
import { type Database, wake } from './database.ts';
import { addFeedEntry } from './feed-entry.ts';
import type { SessionEventRecord, SessionRecord } from './session-record.ts';

export function appendOfCommits(database: Database, commits: readonly Commit[]): void {
  for (const { projectId, sessions = [] } of commits) {
    for (const append of sessions) appendToSession(database, projectId, append);
  }
}

export function appendToSession(database: Database, projectId: string, append: SessionAppend): SessionRecord {
  const key = plainText(append.start.data.key, 500);
  const place = `${projectId} ${key}`;
  const known = database.sessions.get(database.sessionIds.get(place) ?? '');
  const session = known ?? begin(projectId, key, append);
  const events = known === undefined ? [append.start, ...append.events] : reopening(known, append.events);
  const firstSeq = session.events.length + 1;
  for (const event of events) session.events.push(record(event));
  const createdAt = events.at(-1)?.at ?? 0;
  const entry = { projectId, streamId: session.id, firstSeq, lastSeq: session.events.length, createdAt };
  if (addFeedEntry(database, entry)) wake(database, 'feeds');
  session.lastActivity = Math.max(session.lastActivity, ...events.map(({ at }) => at));
  if (events.length > 0) session.ended = events.some(({ type }) => type === 'agent.session.ended');
  session.idleMs = append.start.data.idleMs ?? session.idleMs;
  if (append.category !== undefined) session.category = plainText(append.category, 200) || null;
  if (append.tags !== undefined) session.tags = append.tags.map((tag) => plainText(tag, 200));
  database.sessions.set(session.id, session);
  database.sessionIds.set(place, session.id);
  return session;
}

/** Of one that had ended, with the event that says that it goes on. */
function reopening({ ended }: SessionRecord, events: readonly SessionEvent[]): readonly SessionEvent[] {
  const [first] = events;
  return ended && first !== undefined ? [reopened(first), ...events] : events;
}

function begin(projectId: string, key: string, { newId, start: { at, data } }: SessionAppend): SessionRecord {
  return {
    id: newId,
    projectId,
    key,
    agent: plainText(data.agent, 200),
    userId: plainText(data.userId ?? '', 200) || null,
    startedAt: at,
    events: [],
    lastActivity: at,
    ended: false,
    idleMs: null,
    category: null,
    tags: [],
    projectedSeq: 0,
    summary: null,
    timeline: [],
    days: [],
    snapshots: [],
  };
}

function record({ type, at, data, executionId, by }: SessionEvent): SessionEventRecord {
  return { type, version: versionOf(type), at, data: JSON.stringify(data), executionId, by };
}

/** Those above `after`, up to the number `upTo`. */
export function eventsOf({ events }: SessionRecord, after: number, upTo: number): StoredSessionEvent[] {
  return events.slice(after, upTo).map(({ data, executionId, by, ...stored }, index) => {
    const event = { ...upcast({ ...stored, data: JSON.parse(data) }), seq: after + index + 1 };
    return { ...event, ...(executionId !== undefined && { executionId }), ...(by !== undefined && { by }) };
  });
}

/** Before anything is projected. */
export function blankSummary({
  id,
  projectId,
  key,
  agent,
  userId,
  startedAt,
  category,
  tags,
}: SessionRecord): SessionSummary {
  return {
    ...{ id, projectId, key, agent, userId, status: 'active', seq: 0, startedAt, lastActivity: startedAt },
    ...{ endedAt: null, endReason: null, messageCount: 0, modelCalls: 0, toolCalls: 0, failedToolCalls: 0 },
    ...{ inputTokens: 0, outputTokens: 0, cost: 0, lastUserMessage: null, lastResponse: null, lastRole: null },
    ...{ intent: null, category, tags },
  };
}
