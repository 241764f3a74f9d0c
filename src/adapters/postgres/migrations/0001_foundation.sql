-- Projects, access, workflows, executions. Times are bigint milliseconds since the epoch where the engine's clock
-- sets them, timestamptz where the database's does (leases).

create table projects (
  id          uuid primary key,
  name        text not null unique,
  created_at  timestamptz not null default now()
);
insert into projects (id, name) values ('00000000-0000-7000-8000-000000000001', 'default');

create table api_keys (
  id          uuid primary key,
  project_id  uuid not null references projects (id),
  name        text not null,
  hash        text not null unique,
  created_at  timestamptz not null default now()
);

create table workflows (
  id          uuid primary key,
  project_id  uuid not null references projects (id),
  name        text not null,
  version     int not null,
  status      text not null check (status in ('draft', 'active', 'paused')),
  created_at  bigint not null,
  updated_at  bigint not null,
  unique (project_id, name)
);

create table workflow_versions (
  workflow_id uuid not null,
  version     int not null,
  project_id  uuid not null references projects (id),
  definition  json not null,
  created_at  bigint not null,
  primary key (workflow_id, version)
);

create table triggers (
  id          uuid primary key,
  project_id  uuid not null references projects (id),
  workflow_id uuid not null references workflows (id) on delete cascade,
  name        text not null,
  type        text not null,
  config      json not null,
  unique (workflow_id, name)
);

-- Only active workflows hold paths: a draft may be written while another workflow serves.
create table webhook_registrations (
  project_id  uuid not null references projects (id),
  path        text not null,
  method      text not null,
  trigger_id  uuid not null references triggers (id) on delete cascade,
  workflow_id uuid not null references workflows (id) on delete cascade,
  primary key (project_id, path, method)
);
create index webhook_registrations_workflow on webhook_registrations (workflow_id);

-- One row per execution: what lists and the queue need. Everything else is in its events.
create table workflow_executions (
  id            uuid primary key,
  project_id    uuid not null,
  workflow_id   uuid not null,
  version       int not null,
  trigger_id    text not null,
  status        text not null,
  priority      smallint not null,
  owner         uuid,
  parent_id     uuid,
  created_at    bigint not null,
  started_at    bigint,
  finished_at   bigint,
  error         json
) with (fillfactor = 85);
create index workflow_executions_project on workflow_executions (project_id, id desc);
create index workflow_executions_workflow on workflow_executions (project_id, workflow_id, id desc);
-- Lists by status: nearly all rows are completed, and those the other two find fast enough.
create index workflow_executions_status on workflow_executions (project_id, status, id desc)
  where status <> 'completed';
create index workflow_executions_workflow_status on workflow_executions (project_id, workflow_id, status, id desc)
  where status <> 'completed';
create index workflow_executions_queue on workflow_executions (priority desc, id)
  where owner is null and status in ('pending', 'running');
create index workflow_executions_owner on workflow_executions (owner) where owner is not null;

-- All streams. The id of a stream is a UUIDv7, which begins with its time, so a range of ids is a range of months:
-- one partition holds a whole stream, `unique (stream_id, seq)` stands, and retention drops partitions.
create table events (
  stream_id   uuid not null,
  seq         int not null,
  project_id  uuid not null,
  type        text not null,
  version     smallint not null default 1,
  at          bigint not null,
  data        json,
  -- Data above 64 KiB is in blobs.
  blob        text,
  primary key (stream_id, seq)
) partition by range (stream_id);
create index events_blob on events (project_id, blob) where blob is not null;
create table events_default partition of events default;

create table blobs (
  project_id  uuid not null,
  hash        text not null,
  size        int not null,
  data        text not null,
  created_at  timestamptz not null default now(),
  primary key (project_id, hash)
);

create table timers (
  id            uuid primary key,
  project_id    uuid not null,
  execution_id  uuid not null,
  fire_at       bigint not null
);
create index timers_due on timers (fire_at);
create index timers_execution on timers (execution_id);

create table signals (
  id            bigint generated always as identity primary key,
  project_id    uuid not null,
  execution_id  uuid not null,
  type          text not null,
  body          json not null,
  created_at    timestamptz not null default now()
);
create index signals_execution on signals (execution_id);

create table idempotency_keys (
  project_id    uuid not null,
  key           text not null,
  execution_id  uuid not null,
  expires_at    bigint not null,
  primary key (project_id, key)
);
create index idempotency_keys_expiry on idempotency_keys (expires_at);
create index idempotency_keys_execution on idempotency_keys (execution_id);

create table workers (
  id            uuid primary key,
  host          text not null,
  pid           int not null,
  roles         text not null,
  started_at    timestamptz not null default now(),
  heartbeat_at  timestamptz not null default now()
);
