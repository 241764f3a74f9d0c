-- How far the poll triggers have come. Rows are written with those of their triggers. Times in milliseconds since the
-- epoch.
create table poll_states (
  trigger_id    uuid primary key references triggers (id) on delete cascade,
  project_id    uuid not null,
  workflow_id   uuid not null,
  -- Of what the state is: where it changes, everything begins anew.
  source        text not null,
  -- Null: the workflow is not active.
  due_at        bigint,
  -- Somebody has it in hand until then, in this turn; whoever comes with another turn is too late.
  held_until    bigint,
  turn          bigint not null default 0,
  polled_at     bigint,
  begun         boolean not null default false,
  -- Text or a number.
  cursor        json,
  failures      integer not null default 0,
  -- { code, kind, message } of the last poll, where it failed.
  error         json
);
create index poll_states_due on poll_states (due_at) where due_at is not null;
create index poll_states_workflow on poll_states (workflow_id);

-- What is remembered of items, as digests: of those that stand at the cursor, or of all where their hashes count.
create table poll_items (
  trigger_id    uuid not null references poll_states (trigger_id) on delete cascade,
  project_id    uuid not null,
  item          text not null,
  hash          text not null,
  primary key (trigger_id, item)
);
