-- Groups of event triggers (ports/event-groups.ts), by the names of core/event-group.ts.
alter table triggers add column event_group text
  generated always as (case when type = 'event' then coalesce('group/' || (config ->> 'group'), id::text) end) stored;
create index triggers_by_event_group on triggers (project_id, event_group) where event_group is not null;

-- Those that somebody has set back, that began further back, or that fell out once.
create table event_groups (
  project_id  uuid not null,
  name        text not null,
  turn        int not null default 0,
  -- Messages up to this place that waited for a retry when the turn began: the relay has to be done with them first.
  held_to     bigint not null default 0,
  -- Messages that were removed from the log before it had read them.
  gone        bigint not null default 0,
  primary key (project_id, name)
);

-- How far a group is in a lane that it reads by itself. There is none where the relay takes its messages along.
create table event_group_places (
  project_id  uuid not null,
  name        text not null,
  lane        smallint not null,
  tx          xid8 not null,
  id          bigint not null,
  -- When the last that it read was written, and when it was last looked after; in milliseconds.
  at          bigint not null,
  moved_at    bigint not null default 0,
  primary key (project_id, name, lane)
);

-- What a group has read of such a lane and has not got: as message_retries.
create table event_group_retries (
  project_id  uuid not null,
  name        text not null,
  id          bigint not null,
  lane        smallint not null,
  key         text,
  event       json not null,
  attempts    int not null,
  retry_at    bigint,
  error       json,
  created_at  timestamptz not null,
  primary key (project_id, name, id)
);
create index event_group_retries_by_lane on event_group_retries (project_id, name, lane, id);
create index event_group_retries_put_off on event_group_retries (project_id, name, key, id) where retry_at is not null;
