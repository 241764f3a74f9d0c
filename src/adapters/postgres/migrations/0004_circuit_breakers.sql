-- Circuits of what tasks depend on, shared by all processes. Only those that have failed are here; a closed one that
-- did not fail for a day is removed. Times are milliseconds since the epoch by the clock of the database.
create table circuit_breakers (
  project_id    uuid not null,
  name          text not null,
  state         text not null default 'closed' check (state in ('closed', 'open', 'half_open')),
  calls         int not null default 0,
  failures      int not null default 0,
  since         bigint not null default 0,
  until         bigint not null default 0,
  probe         uuid,
  primary key (project_id, name)
);
