-- Feeds of events to brokers (ports/event-feeds.ts). Times in milliseconds since the epoch.
create table event_feeds (
  project_id  uuid primary key,
  -- Name of a connection; the type that it had.
  connection  text not null,
  type        text not null,
  target      json not null,
  -- { code, kind, message } of the last try, where it failed.
  error       json,
  failures    int not null default 0,
  retry_at    bigint,
  created_at  bigint not null,
  updated_at  bigint not null
);

-- Where the events lie that are not sent, written in their commit. Whoever writes to a stream waits for the one before, so
-- numbers follow the order of each stream; and rows are deleted, so nobody needs a place to go on from.
create table event_feed_entries (
  project_id  uuid not null,
  id          bigint generated always as identity,
  stream_id   uuid not null,
  first_seq   int not null,
  last_seq    int not null,
  created_at  timestamptz not null default now(),
  primary key (project_id, id)
);
