-- What failed for good, until a person or a rule resolves it (ports/dead-letters.ts).
create table dead_letter_queue (
  -- Of an execution: its id.
  id              uuid primary key,
  project_id      uuid not null,
  source          text not null check (source in ('execution', 'message')),
  execution_id    uuid,
  workflow_id     uuid,
  version         int,
  trigger_id      text,
  original_event  json not null,
  error           json not null,
  path            text,
  attempts        int not null,
  category        text not null,
  action          text not null,
  fingerprint     text not null,
  -- A rule may retry it.
  automatic       boolean not null,
  status          text not null check (status in ('NEW', 'REVIEWED', 'RETRIED', 'ARCHIVED')),
  retries         int not null default 0,
  retry_at        bigint,
  retried_as      uuid,
  reviewed_by     text,
  reviewed_at     bigint,
  notes           text,
  created_at      bigint not null,
  failed_at       bigint not null,
  updated_at      bigint not null
);
create index dead_letter_queue_project on dead_letter_queue (project_id, failed_at desc, id desc);
create index dead_letter_queue_status on dead_letter_queue (project_id, status, failed_at desc, id desc);
create index dead_letter_queue_cause on dead_letter_queue (project_id, workflow_id, fingerprint, failed_at desc, id desc);
create index dead_letter_queue_new on dead_letter_queue (project_id, category) where status = 'NEW';
create index dead_letter_queue_due on dead_letter_queue (retry_at) where status = 'NEW' and retry_at is not null;

-- What a project has set; core/retry-rule.ts has the defaults.
create table dead_letter_rules (
  project_id   uuid not null,
  category     text not null,
  enabled      boolean not null,
  delay_ms     bigint not null,
  retry_limit  int not null,
  updated_at   bigint not null,
  primary key (project_id, category)
);
