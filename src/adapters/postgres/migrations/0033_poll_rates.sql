-- Of a poll with a `rate`: milliseconds between two of its requests, and when the next may go; null where it has none.
alter table poll_states add column gap_ms bigint, add column free_at bigint;
