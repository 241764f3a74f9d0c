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

-- Whether somebody has uploaded it: then nobody knows where its hash stands, and it stays. One that a message was kept as
-- goes when no dead letter has it any more, and nobody has used it for long.
alter table files
  add column uploaded boolean not null default true,
  add column used_at timestamptz not null default now();
create index files_unused on files (used_at) where not uploaded;

-- Hash of the file that the message was kept as. A column of its own: PostgreSQL reads nothing out of JSON that has a
-- zero character anywhere.
alter table dead_letter_queue add column blob text;
update dead_letter_queue set blob = substring(original_event::text from '"blob":\{"hash":"([0-9a-f]{64})"')
 where original_event::text like '%"blob":{"hash":"%';
create index dead_letter_queue_blob on dead_letter_queue (project_id, blob) where blob is not null;
create index dead_letter_queue_resolved on dead_letter_queue (updated_at) where status in ('RETRIED', 'ARCHIVED');

update files f set uploaded = false
  from dead_letter_queue d
 where d.project_id = f.project_id and d.blob = f.hash and f.media_type = 'application/octet-stream';
