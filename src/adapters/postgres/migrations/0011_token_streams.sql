-- Texts of model calls that are under way, for readers at other processes. Not logged: after a crash of the database
-- it is empty, and readers go on with what the journal has. `start` and the length of `text` are UTF-16 code units.
create unlogged table token_chunks (
  project_id    uuid not null,
  execution_id  uuid not null,
  path          text not null,
  attempt       int not null,
  start         int not null,
  text          text not null,
  at            timestamptz not null default clock_timestamp(),
  primary key (execution_id, path, attempt, start)
);
-- Which calls of an execution have text.
create index token_chunks_first on token_chunks (execution_id) where start = 0;
-- What processes that died have left.
create index token_chunks_at on token_chunks (at);
