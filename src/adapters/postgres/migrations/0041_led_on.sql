-- When it was last led on from a failure, in milliseconds since the epoch: how long it took is reckoned from then.
alter table workflow_executions add column led_on_at bigint;
