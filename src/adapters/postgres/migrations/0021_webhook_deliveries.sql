-- What became of each attempt to send a webhook to others, for people who look. Rows go with their execution.
create table webhook_deliveries (
  -- By time.
  id             uuid primary key,
  project_id     uuid not null,
  execution_id   uuid not null,
  path           text not null,
  attempt        int not null,
  -- Name of the connection it went by.
  connection     text not null,
  -- Type of the event.
  type           text not null,
  -- The same for every attempt.
  message_id     text not null,
  -- Of the answer; null: there was none, and `error` is the code of why.
  status         int,
  error          text,
  -- The beginning of the answer.
  response       text,
  duration_ms    int not null,
  at             bigint not null
);

create index webhook_deliveries_project on webhook_deliveries (project_id, id);
create index webhook_deliveries_execution on webhook_deliveries (execution_id);
