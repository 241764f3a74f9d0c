-- Lists of sessions find their rows in indexes alone: these carry all that a list is filtered by. `listed_tags` are all
-- tags of the session, null where they are too long for an index (session-rows.ts).
alter table agent_session_summary add column listed_tags text[];
alter table agent_session_tags add column listed_tags text[];

update agent_session_summary set listed_tags = tags where pg_column_size(tags || '{}') <= 200;
update agent_session_tags t set listed_tags = m.listed_tags
  from agent_session_summary m where m.session_id = t.session_id and m.listed_tags is not null;

drop index agent_session_summary_user;
create index agent_session_summary_user on agent_session_summary
  (project_id, user_id, status, last_activity desc, session_id desc) include (agent, category, listed_tags);

drop index agent_session_tags_list;
create index agent_session_tags_list on agent_session_tags
  (project_id, tag, status, last_activity desc, session_id desc) include (agent, category, listed_tags);
create index agent_session_tags_agent_category on agent_session_tags
  (project_id, tag, agent, category, status, last_activity desc, session_id desc) include (listed_tags);

-- Agents have categories of their own: that both fit says more than each by itself.
create statistics agent_session_summary_agents (dependencies, mcv) on agent, category from agent_session_summary;
