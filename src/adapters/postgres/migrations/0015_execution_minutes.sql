-- What ended when, for figures over time. Of rows that have ended only; it grows at its right end.
create index workflow_executions_finished on workflow_executions (finished_at) where finished_at is not null;

-- Figures of each workflow by the minute; the whole project has the workflow 00000000-0000-0000-0000-000000000000.
create table execution_minutes (
  project_id   uuid not null,
  workflow_id  uuid not null,
  -- Its begin, in milliseconds since the epoch.
  at           bigint not null,
  started      int not null,
  completed    int not null,
  failed       int not null,
  canceled     int not null,
  -- Of those that completed: the sum, and `bucket:count` for each bucket of core/durations.ts that has any.
  duration_ms  bigint not null,
  durations    text not null,
  primary key (project_id, workflow_id, at)
);
create index execution_minutes_at on execution_minutes (at);

-- The same by the hour, made of the minutes.
create table execution_hours (
  project_id   uuid not null,
  workflow_id  uuid not null,
  at           bigint not null,
  started      int not null,
  completed    int not null,
  failed       int not null,
  canceled     int not null,
  duration_ms  bigint not null,
  durations    text not null,
  primary key (project_id, workflow_id, at)
);
create index execution_hours_at on execution_hours (at);

-- The hours of each workflow in the day before something last changed in them, ready to be read for very many at once.
create table execution_days (
  project_id   uuid not null,
  workflow_id  uuid not null,
  -- Begin of the newest hour.
  at           bigint not null,
  -- For each hour: its begin, started, completed, failed.
  hours        json not null,
  durations    text not null,
  primary key (project_id, workflow_id)
);

-- One row: minutes before this are as they stay.
create table execution_minutes_settled (
  one      boolean primary key default true check (one),
  up_to    bigint not null
);
