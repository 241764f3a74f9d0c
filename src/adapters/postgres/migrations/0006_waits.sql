-- What waiting nodes ask of the outside (ports/waits.ts), and the keys by which links and callback addresses are signed.
create table waits (
  id            uuid primary key,
  project_id    uuid not null,
  execution_id  uuid not null,
  workflow_id   uuid,
  path          text not null,
  kind          text not null check (kind in ('approval', 'callback', 'event')),
  -- Of a wait for an event: its type, or the words of the pattern before the first `*`, and that.
  event_key     text,
  details       json not null,
  assignees     text[],
  due_at        bigint,
  created_at    bigint not null,
  closed_at     bigint,
  -- Whoever closed it first.
  closed_by     text check (closed_by in ('answer', 'time', 'execution')),
  answer        json
);
create index waits_execution on waits (execution_id);
create index waits_project on waits (project_id, kind, id desc);
create index waits_open on waits (project_id, kind, id desc) where closed_at is null;
create index waits_events on waits (project_id, event_key, id) where closed_at is null and kind = 'event';

create table signing_keys (
  project_id  uuid primary key references projects (id),
  key         text not null,
  created_at  timestamptz not null default now()
);
