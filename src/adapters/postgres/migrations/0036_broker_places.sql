-- How far the groups of broker triggers have come, for brokers that forget it, as Kafka does with groups that nobody uses
-- for a week.
create table broker_places (
  trigger_id    uuid not null references triggers (id) on delete cascade,
  group_name    text not null,
  -- Such as TOPIC ID/PARTITION.
  place         text not null,
  project_id    uuid not null,
  -- Of the next message.
  position      bigint not null,
  primary key (trigger_id, group_name, place)
);
