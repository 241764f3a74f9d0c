-- A session that an execution goes on with after its end: number of the event that says so. 0: never.
alter table sessions add column reopened_seq integer not null default 0;
-- After so long without activity it ends by itself; null: after what the server says.
alter table sessions add column idle_ms bigint;
-- What is in it hardly ever changes, so that an append still changes the head in place.
create index sessions_idle on sessions (idle_ms) where idle_ms is not null and not ended;
