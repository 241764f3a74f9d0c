/** Feeds of events: what is said of them. Sending has a file of its own. */
import type { EventFeedStore, FeedBacklog, NewEventFeed } from '../../ports/event-feeds.ts';
import { guarded } from './failures.ts';
import { getFeed, sendFeed } from './send-feed.ts';
import type { Pool, Sql } from './sql.ts';

export function eventFeedStore(sql: Pool): EventFeedStore {
  return {
    get: (projectId) => guarded(() => getFeed(sql, projectId)),
    put: (feed) => guarded(() => sql.begin((tx) => put(tx, feed))),
    delete: (projectId) => guarded(() => sql.begin((tx) => remove(tx, projectId))),
    hasten: (projectId, connection) =>
      guarded(async () => {
        await sql`
          update event_feeds set retry_at = null
           where project_id = ${projectId} and connection = ${connection} and retry_at is not null`;
      }),
    due: (now, limit) =>
      guarded(async () => {
        const rows = await sql`
          select f.project_id from event_feeds f
           cross join lateral (select id from event_feed_entries e
                                where e.project_id = f.project_id order by id limit 1) oldest
           where f.retry_at is null or f.retry_at <= ${now}
           order by oldest.id limit ${limit}`;
        return rows.map((row) => row.project_id);
      }),
    send: (projectId, now, limit, hand) => guarded(() => sendFeed(sql, { projectId, now, limit, hand })),
    waiting: (projectId, limit) => guarded(() => waiting(sql, projectId, limit)),
    lag: () => guarded(() => lag(sql)),
  };
}

/** What a feed that was removed has left behind is not of the new one. */
async function put(tx: Sql, { projectId, connection, type, target, updatedAt }: NewEventFeed): Promise<void> {
  const [row] = await tx`
    insert into event_feeds (project_id, connection, type, target, created_at, updated_at)
    values (${projectId}, ${connection}, ${type}, ${JSON.stringify(target)}::text::json, ${updatedAt}, ${updatedAt})
    on conflict (project_id) do update
       set connection = excluded.connection, type = excluded.type, target = excluded.target, error = null, failures = 0,
           retry_at = null, updated_at = greatest(excluded.updated_at, event_feeds.updated_at + 1)
    returning xmax = 0 as fresh`;
  if (row?.fresh) await tx`delete from event_feed_entries where project_id = ${projectId}`;
}

async function remove(tx: Sql, projectId: string): Promise<boolean> {
  const rows = await tx`delete from event_feeds where project_id = ${projectId} returning 1 as one`;
  await tx`delete from event_feed_entries where project_id = ${projectId}`;
  return rows.length > 0;
}

async function waiting(sql: Sql, projectId: string, limit: number): Promise<FeedBacklog> {
  const [row] = await sql`
    select coalesce(sum(last_seq - first_seq + 1), 0)::bigint as events,
           (extract(epoch from min(created_at)) * 1000)::bigint as oldest
      from (select first_seq, last_seq, created_at from event_feed_entries
             where project_id = ${projectId} order by id limit ${limit}) e`;
  return { events: Number(row?.events), oldestAt: row?.oldest === null ? null : Number(row?.oldest) };
}

async function lag(sql: Sql): Promise<number> {
  const [row] = await sql`
    select extract(epoch from clock_timestamp() - min(oldest.created_at)) * 1000 as ms from event_feeds f
     cross join lateral (select created_at from event_feed_entries e
                          where e.project_id = f.project_id order by id limit 1) oldest`;
  return row?.ms === null ? 0 : Math.max(0, Math.round(Number(row?.ms)));
}
