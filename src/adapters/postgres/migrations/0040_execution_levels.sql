-- How many executions there were, by what they were at: looked at once a minute, and the most of each hour. The whole
-- project has the workflow 00000000-0000-0000-0000-000000000000, and a row whenever somebody looked; a workflow where it had any.
create table execution_levels (
  project_id   uuid not null,
  workflow_id  uuid not null,
  -- A minute or an hour, in milliseconds.
  span         int not null,
  -- Its begin, in milliseconds since the epoch.
  at           bigint not null,
  queued       int not null,
  held         int not null,
  running      int not null,
  waiting      int not null,
  primary key (project_id, workflow_id, span, at)
);
create index execution_levels_at on execution_levels (span, at);
