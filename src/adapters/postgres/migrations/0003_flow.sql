-- Flow control. A held execution waits in `flow_queue` for its admission; nobody starts it before. What runs under a
-- limit holds a slot. Only the one admitter at a time inserts slots, so limits hold across processes.

alter table workflow_executions add column held boolean not null default false;

-- The queue by project, each in the order of its ranks: high priority is as if it had come 10 minutes earlier for each
-- step, so nothing is overtaken for longer than that.
drop index workflow_executions_queue;
create index workflow_executions_queue on workflow_executions (project_id, (created_at - priority * 600000), id)
  where owner is null and not held and status in ('pending', 'running', 'compensating');

create table flow_queue (
  execution_id  uuid primary key,
  project_id    uuid not null,
  -- Tickets of one lane wait for the same and go in order.
  lane          text collate "C" not null,
  -- Order of acceptance.
  position      bigint generated always as identity,
  -- Tickets of the lane that one look reads.
  depth         int not null,
  ticket        json not null,
  -- When its gathering began: where a debounce dropped others, that of the first of them.
  since         bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint,
  queued_at     bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint
);
create index flow_queue_lane on flow_queue (lane, position);
create index flow_queue_project on flow_queue (project_id);

create table flow_slots (
  lane          text collate "C" not null,
  execution_id  uuid not null,
  project_id    uuid not null,
  -- Of a rate limit; null: until the execution ends.
  expires_at    bigint,
  primary key (lane, execution_id) include (expires_at)
);
create index flow_slots_execution on flow_slots (execution_id);
create index flow_slots_project on flow_slots (project_id);
create index flow_slots_expiry on flow_slots (expires_at) where expires_at is not null;
