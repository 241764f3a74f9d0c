-- Messages on their way out (ports/outbox.ts). Rows live for milliseconds: whoever relays them deletes them.
create table outbox (
  id          bigint generated always as identity primary key,
  project_id  uuid not null,
  message_id  text not null,
  type        text not null,
  topic       text,
  key         text,
  -- The CloudEvent.
  event       json not null,
  attempts    int not null default 0,
  -- Set while a delivery that failed is put off, by the engine's clock.
  retry_at    bigint,
  error       json,
  created_at  timestamptz not null default now()
);
create index outbox_put_off on outbox (project_id, key, id) where retry_at is not null;

-- Messages from outside that came once: the hash of source and id.
create table message_ids (
  project_id  uuid not null,
  hash        text not null,
  expires_at  bigint not null,
  primary key (project_id, hash)
);
create index message_ids_expiry on message_ids (expires_at);
