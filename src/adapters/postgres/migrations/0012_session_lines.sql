-- Who spoke last in a session; null: nobody, or it was projected before this column was there.
alter table agent_session_summary add column last_role text check (last_role in ('user', 'agent'));

-- A call of a model that failed is a line too.
alter table message_timeline drop constraint message_timeline_kind_check;
alter table message_timeline add constraint message_timeline_kind_check
  check (kind in ('user', 'agent', 'tool', 'model', 'thought', 'intent', 'context'));
