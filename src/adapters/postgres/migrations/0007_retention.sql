-- Retention, and who hears of ends.

-- `settings.retention` of the present version: what a pass reads of every workflow.
alter table workflows add column retention json;

-- One row: the pass that is going on, or the last.
create table retention_pass (
  one          boolean primary key default true check (one),
  started_at   timestamptz not null,
  -- Of a pass whose process died, the last sign.
  heard_at     timestamptz not null,
  finished_at  timestamptz,
  removed      bigint not null default 0
);

-- Triggers that are no webhook are read every second by each process.
create index triggers_listening on triggers (type) where type not in ('webhook', 'manual');
