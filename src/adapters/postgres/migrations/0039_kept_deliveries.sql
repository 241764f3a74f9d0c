-- What webhooks said, so that they can be sent again: with that and `type` and `at` the body is the same to the byte.
alter table webhook_deliveries
  -- JSON; of one that is large, the hash of its blob. Neither: it is not kept.
  add column data text,
  add column blob text,
  -- The attempt of the node that somebody has sent again by this one.
  add column repeats uuid,
  -- Of idempotency: the same key sends the same attempt again once.
  add column key text;

create unique index webhook_deliveries_key on webhook_deliveries (repeats, key) where key is not null;
create index webhook_deliveries_blob on webhook_deliveries (project_id, blob) where blob is not null;
