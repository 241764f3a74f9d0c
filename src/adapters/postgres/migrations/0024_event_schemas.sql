-- Schemas of message types, version by version. A version is never changed.
create table event_schemas (
  -- Tells, with their number, whether there are others than there were.
  id          bigint generated always as identity,
  project_id  uuid not null,
  type        text not null,
  version     int not null,
  -- As they were given: the order of fields counts for people. An upcast that is null is not there.
  schema      json not null,
  policy      text not null check (policy in ('reject', 'dead_letter', 'allow')),
  upcast      json,
  created_at  bigint not null,
  primary key (project_id, type, version)
);
