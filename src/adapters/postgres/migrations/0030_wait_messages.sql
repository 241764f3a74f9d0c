-- Of a wait for an event that was answered: a hash of the source and id of the message. However often a message is
-- delivered, it answers one wait of an execution; what was taken goes with the rows, and they with their execution.
alter table waits add column message text;
create unique index waits_message on waits (execution_id, message) where message is not null;
