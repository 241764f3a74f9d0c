-- What was undone as it should has a figure of its own. Minutes that were settled before keep it among the failed.
alter table execution_minutes add column compensated int not null default 0;
alter table execution_hours add column compensated int not null default 0;

-- Of an execution that was led on, the end that is none any more: there until the figures have taken it back.
create table execution_reopenings (
  id           bigint generated always as identity primary key,
  project_id   uuid not null,
  workflow_id  uuid not null,
  -- In milliseconds since the epoch. It counts as failed: no other end can be led on from.
  ended_at     bigint not null
);
