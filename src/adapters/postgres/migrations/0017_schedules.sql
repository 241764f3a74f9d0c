-- When the schedule triggers of active workflows are due. Rows are written with those of their triggers; a scheduler
-- that has some in hand has locked them.
create table schedules (
  trigger_id    uuid primary key references triggers (id) on delete cascade,
  project_id    uuid not null,
  workflow_id   uuid not null,
  -- By which the times are computed: where it changes, they begin anew.
  config        json not null,
  -- The first time that was not taken, and that plus its jitter; null: none comes, or the workflow is not active.
  next_at       bigint,
  due_at        bigint,
  -- The last time that started an execution.
  last_at       bigint
);
create index schedules_due on schedules (due_at) where due_at is not null;
create index schedules_workflow on schedules (workflow_id);
