-- How triggers that listen by themselves are getting on, one row for each process that has them. Each process confirms
-- its rows; those of a silent one are removed by the next that tells something. Times in milliseconds since the epoch.
create table trigger_states (
  trigger_id       uuid not null,
  process          uuid not null,
  project_id       uuid not null,
  status           text not null check (status in ('starting', 'running', 'error')),
  -- { code, kind, message } of what is wrong.
  error            json,
  since            bigint not null,
  last_message_at  bigint,
  messages         bigint not null default 0,
  lag              bigint,
  -- By the clock of the database.
  heard_at         timestamptz not null default clock_timestamp(),
  primary key (trigger_id, process)
);
create index trigger_states_project on trigger_states (project_id);
create index trigger_states_process on trigger_states (process);
