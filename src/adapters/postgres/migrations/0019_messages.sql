-- The log of messages (ports/messages.ts), append-only, in partitions by day. What used to be the outbox: a message is
-- written with what it tells of, and stays for whoever reads it later. Readers go on from their place (tx, id), and
-- never past a transaction that has not ended: what it wrote would come behind them.
create sequence message_places;
create table messages (
  project_id  uuid not null,
  tx          xid8 not null default pg_current_xact_id(),
  id          bigint not null default nextval('message_places'),
  -- Messages of one key are in one lane; lanes are delivered beside each other.
  lane        smallint not null,
  message_id  text not null,
  type        text not null,
  topic       text,
  key         text,
  -- The CloudEvent.
  event       json not null,
  created_at  timestamptz not null default now()
) partition by range (created_at);
create index messages_by_lane on messages (lane, tx, id);
create index messages_by_project on messages (project_id, id);
create table messages_default partition of messages default;

-- How far each lane is delivered.
create table message_lanes (
  lane  smallint primary key,
  tx    xid8 not null default '0',
  id    bigint not null default 0
);
insert into message_lanes (lane) select generate_series(0, 7);

-- What was read and is not delivered: it failed and waits for its next try, or is held back by one before it.
create table message_retries (
  id          bigint primary key,
  project_id  uuid not null,
  lane        smallint not null,
  key         text,
  event       json not null,
  attempts    int not null,
  -- By the engine's clock; null: as soon as nothing before it waits.
  retry_at    bigint,
  error       json,
  created_at  timestamptz not null
);
create index message_retries_by_lane on message_retries (lane, id);
create index message_retries_put_off on message_retries (project_id, key, id) where retry_at is not null;

insert into messages (project_id, id, lane, message_id, type, topic, key, event, created_at)
select project_id, nextval('message_places'), hashtextextended(coalesce(key, message_id), 0) & 7, message_id, type, topic, key, event, created_at
  from outbox order by id;
drop table outbox;
