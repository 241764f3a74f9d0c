/** /api/sessions: lists, one with its events, state and timeline, and what callers write to it. */
import type { FastifyInstance } from 'fastify';
import { endSession, startOf } from '../agents/end-session.ts';
import { sessionStateAt } from '../agents/session-state.ts';
import { parseDuration } from '../core/duration.ts';
import { MyelinError } from '../core/errors.ts';
import type { SessionEvent, Writer } from '../core/session/events.ts';
import type { IncomingEvent } from '../core/session/schema.ts';
import { isUuid } from '../core/uuid.ts';
import type { FileStore } from '../ports/files.ts';
import type { SessionQuery, SessionStore, SessionSummary } from '../ports/sessions.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';
import { eventView, sessionView, stateView, timed } from './session-view.ts';

type Deps = Pick<ApiDeps, 'store' | 'runtime'>;

export function sessions(app: FastifyInstance, deps: Deps): void {
  const store = deps.store.sessions;

  operation(app, 'listSessions', async ({ projectId, query: { limit, cursor, tags, from, to, user, ...same } }) => {
    const query: SessionQuery = {
      projectId,
      limit: limit + 1,
      ...defined(same),
      ...(user !== undefined && { userId: user }),
      ...(from !== undefined && { from: Date.parse(from) }),
      ...(to !== undefined && { to: Date.parse(to) }),
      ...(tags !== undefined && { tags: tags.split(',').map((tag) => tag.trim()) }),
      ...(cursor !== undefined && { before: placeOf(cursor) }),
    };
    const found = await store.list(query);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = found.length > limit && last !== undefined ? `${last.lastActivity}_${last.id}` : null;
    return { items: items.map(sessionView), nextCursor };
  });

  operation(app, 'getSession', async ({ projectId, params }) => {
    return sessionView(await findSession(store, projectId, params.id));
  });

  operation(app, 'listSessionEvents', async ({ projectId, params, query: { after, limit } }) => {
    const { id } = await findSession(store, projectId, params.id);
    return page(await store.events(projectId, id, after, limit), limit, eventView);
  });

  operation(app, 'getSessionTimeline', async ({ projectId, params, query: { after, limit } }) => {
    const { id } = await findSession(store, projectId, params.id);
    return page(await store.timeline(projectId, id, after, limit), limit, timed);
  });

  operation(app, 'getSessionState', async ({ projectId, params, query: { at } }) => {
    const session = await findSession(store, projectId, params.id);
    if (at !== undefined && at > session.seq) {
      throw new MyelinError('invalid_request', `query.at: the session has ${session.seq} events, and no number ${at}`);
    }
    return stateView(await sessionStateAt(store, session, at ?? session.seq));
  });

  operation(app, 'recallSessions', async ({ projectId, query: { q, user, session, limit } }) => {
    const sessionId = session === undefined ? undefined : (await findSession(store, projectId, session)).id;
    const found = await store.recall({ projectId, text: q, limit, ...defined({ userId: user, sessionId }) });
    return { items: found.map(timed) };
  });

  operation(app, 'getAgentPerformance', async ({ projectId, query: { limit, ...filter } }) => ({
    items: await store.performance({ projectId, limit, ...defined(filter) }),
  }));

  writes(app, deps);
}

function writes(app: FastifyInstance, { store: { sessions: store, files }, runtime }: Deps): void {
  operation(app, 'startSession', async ({ projectId, body: { category, tags, userId, idle, ...given } }) => {
    const idleMs = idle === undefined ? undefined : parseDuration(idle);
    const data = { ...defined({ ...given, idleMs }), key: given.key, agent: given.agent, userId: userId ?? null };
    const start = { type: 'agent.session.started' as const, at: runtime.now(), data };
    const append = { newId: runtime.id(), start, events: [], ...defined({ category, tags }) };
    const { id } = await store.append(projectId, append, 0);
    return sessionView(await findSession(store, projectId, id));
  });

  operation(app, 'appendSessionEvents', async ({ projectId, params, body, request }) => {
    const { expectedSeq, events, by: name } = body;
    const session = await findSession(store, projectId, params.id);
    await findBlobs(files, projectId, events);
    const at = runtime.now();
    const { keyName: key, via } = request.caller;
    const by: Writer = { key, via, ...defined({ name }) };
    // The contract has checked each against its type; what is absent there may be undefined.
    const appended = events.map((event) => ({ ...event, at, by }) as SessionEvent);
    return await store.append(projectId, { newId: session.id, start: startOf(session), events: appended }, expectedSeq);
  });

  operation(app, 'endSession', async ({ projectId, params, body: { reason, summary } }) => {
    const session = await findSession(store, projectId, params.id);
    await endSession(store, session, runtime.now(), { reason, ...defined({ summary }) });
    return sessionView(await findSession(store, projectId, session.id));
  });

  operation(app, 'deleteSession', async ({ projectId, params }) => {
    const session = await findSession(store, projectId, params.id);
    await store.remove(projectId, session.id);
    return undefined;
  });
}

/** Throws `session_not_found`. */
async function findSession(store: SessionStore, projectId: string, idOrKey: string): Promise<SessionSummary> {
  const session = await store.get(projectId, idOrKey);
  if (session === undefined) throw new MyelinError('session_not_found', `There is no session ${idOrKey}.`);
  return session;
}

/** What the agent could not read would keep it from every answer that follows. Throws `blob_not_found`. */
async function findBlobs(files: FileStore, projectId: string, events: readonly IncomingEvent[]): Promise<void> {
  const parts = events.flatMap(({ type, data }) =>
    type === 'user.message.received' && typeof data.content !== 'string' ? data.content : [],
  );
  const hashes = [...new Set(parts.flatMap((part) => (part.type === 'text' ? [] : [part.blob])))];
  const found = new Set((await files.find(projectId, hashes)).map(({ hash }) => hash));
  const missing = hashes.find((hash) => !found.has(hash));
  if (missing !== undefined) throw new MyelinError('blob_not_found', `There is no blob ${missing}.`);
}

function page<T extends { readonly seq: number }, V>(rows: readonly T[], limit: number, show: (row: T) => V) {
  const last = rows.length < limit ? undefined : rows.at(-1);
  return { items: rows.map(show), nextCursor: last === undefined ? null : String(last.seq) };
}

function placeOf(cursor: string): { lastActivity: number; id: string } {
  const [, lastActivity, id] = /^(\d{1,15})_(.+)$/.exec(cursor) ?? [];
  if (id !== undefined && isUuid(id)) return { lastActivity: Number(lastActivity), id };
  throw new MyelinError('invalid_request', 'query.cursor: take it from `nextCursor` of the page before');
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is undefined. */
function defined<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>;
}
