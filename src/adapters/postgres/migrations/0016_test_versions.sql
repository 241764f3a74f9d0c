-- Documents that were tried out without being saved: versions below zero, each of one execution.
alter table workflow_versions add column execution_id uuid;
create index workflow_versions_execution on workflow_versions (execution_id) where execution_id is not null;
-- A number is never used again: who has compiled a version need not look at it anew.
create sequence test_versions as int;
