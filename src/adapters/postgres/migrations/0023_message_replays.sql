-- Replays of messages (ports/replays.ts): what of the log starts which workflow once more, and how far that is.
create table message_replays (
  id             uuid primary key,
  project_id     uuid not null,
  -- { type, topic, key, from, to }
  filter         json not null,
  workflow_id    uuid not null,
  workflow_name  text not null,
  version        int not null,
  -- { name, config } of an event trigger; null: every message is taken.
  trigger        json,
  suppressed     boolean not null,
  status         text not null,
  position       bigint not null,
  end_position   bigint not null,
  total          int not null,
  started        int not null,
  skipped        int not null,
  refused        int not null,
  error          json,
  created_at     bigint not null,
  moved_at       bigint not null,
  finished_at    bigint
);
create index message_replays_by_project on message_replays (project_id, id);
create index message_replays_running on message_replays (moved_at) where status = 'running';
