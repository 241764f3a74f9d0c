/** /api/event-feed: where the events of the project go. */
import type { FastifyInstance } from 'fastify';
import { type EventFeedAnswer, MOST_COUNTED } from '../contract/event-feed.ts';
import { MyelinError } from '../core/errors.ts';
import { feedTarget } from '../engine/feed-target.ts';
import type { EventFeed, FeedBacklog } from '../ports/event-feeds.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';

export function eventFeed(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'catalog' | 'runtime'>): void {
  const { store, catalog, runtime } = deps;
  const read = async (projectId: string): Promise<EventFeedAnswer | null> => {
    const feed = await store.eventFeeds.get(projectId);
    return feed === undefined ? null : view(feed, await store.eventFeeds.waiting(projectId, MOST_COUNTED));
  };

  operation(app, 'getEventFeed', async ({ projectId }) => ({ feed: await read(projectId) }));

  operation(app, 'putEventFeed', async ({ projectId, body: { connection: name, target } }) => {
    const connection = await store.connections.get(projectId, name);
    if (connection?.name !== name) throw unknown(name);
    feedTarget(catalog.nodes, { connection, target });
    const { type } = connection;
    await store.eventFeeds.put({ projectId, connection: name, type, target, updatedAt: runtime.now() });
    return (await read(projectId)) ?? gone();
  });

  operation(app, 'deleteEventFeed', async ({ projectId }) => {
    if (!(await store.eventFeeds.delete(projectId))) gone();
    return undefined;
  });
}

function unknown(name: string): MyelinError {
  const message = `there is no connection ${name}; list them with \`myelin connections\``;
  return new MyelinError('invalid_request', `connection: ${message}`, { errors: [{ path: 'connection', message }] });
}

function gone(): never {
  throw new MyelinError('not_found', 'The project has no feed of events.');
}

function view(feed: EventFeed, { events, oldestAt }: FeedBacklog): EventFeedAnswer {
  const { connection, type, target, error, failures, retryAt, createdAt, updatedAt } = feed;
  return {
    ...{ connection, type, target: { ...target }, failures, waiting: events },
    state: error === null ? 'listening' : 'error',
    error: error && { code: error.code, message: error.message },
    retryAt: timeOf(retryAt),
    oldestAt: timeOf(oldestAt),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
